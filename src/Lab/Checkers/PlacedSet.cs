namespace Cluster.Lab.Checkers;

/// <summary>
/// Which operations an order has placed, and the configurations seen so far (Lowe 2017). What is remembered of one is exact, never a hash alone:
/// a collision would turn a correct history into a violation.
/// </summary>
internal sealed class PlacedSet
{
    private readonly ulong[] answered;
    private readonly ulong[] open;
    private readonly int required;
    private readonly HashSet<Configuration> seen = [];

    public PlacedSet(int required, int total)
    {
        this.required = required;
        answered = new ulong[(required + 63) / 64];
        open = new ulong[(total - required + 63) / 64];
    }

    public int Remembered => seen.Count;

    public bool Contains(int index) => index < required
        ? (answered[index >> 6] & (1UL << (index & 63))) != 0
        : (open[(index - required) >> 6] & (1UL << ((index - required) & 63))) != 0;

    /// <summary>Places the operation, unless that leads to a configuration seen before.</summary>
    public bool TryPlace(int index, string? state)
    {
        Flip(index);
        if (seen.Add(new Configuration(Key(), state)))
        {
            return true;
        }

        Flip(index);
        return false;
    }

    public void TakeBack(int index) => Flip(index);

    private void Flip(int index)
    {
        if (index < required)
        {
            answered[index >> 6] ^= 1UL << (index & 63);
        }
        else
        {
            open[(index - required) >> 6] ^= 1UL << ((index - required) & 63);
        }
    }

    /// <summary>Everything before the first gap and after the last placed one is the same for all configurations: only the words between are kept.</summary>
    private ulong[] Key()
    {
        var first = 0;
        while (first < answered.Length && answered[first] == ulong.MaxValue)
        {
            first++;
        }

        var end = answered.Length;
        while (end > first && answered[end - 1] == 0)
        {
            end--;
        }

        var key = new ulong[1 + (end - first) + open.Length];
        key[0] = (ulong)first;
        answered.AsSpan(first, end - first).CopyTo(key.AsSpan(1));
        open.CopyTo(key.AsSpan(1 + end - first));
        return key;
    }

    private readonly struct Configuration(ulong[] words, string? state) : IEquatable<Configuration>
    {
        private readonly ulong[] words = words;
        private readonly string? state = state;

        public bool Equals(Configuration other) => state == other.state && words.AsSpan().SequenceEqual(other.words);

        public override bool Equals(object? obj) => obj is Configuration other && Equals(other);

        public override int GetHashCode()
        {
            var hash = new HashCode();
            foreach (var word in words)
            {
                hash.Add(word);
            }

            hash.Add(state);
            return hash.ToHashCode();
        }
    }
}
