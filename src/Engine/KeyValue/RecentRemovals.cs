using Cluster.Engine.Sharding;

namespace Cluster.Engine.KeyValue;

/// <summary>
/// The last removals of keys, so that a guard can tell a key that was absent all the time from one that came and went: a revision of 0 says nothing of that.
/// What is too long ago to be remembered counts as removed: such a guard fails for nothing, and its caller tries again.
/// </summary>
internal sealed class RecentRemovals
{
    /// <summary>Removals remembered, 16 bytes each: more than a shard sees between a client's WATCH and its EXEC.</summary>
    public const int Capacity = 4096;

    private (ulong Key, ulong Revision)[] ring = new (ulong, ulong)[64];
    private ulong added;

    /// <summary>Removals of this revision and before are not known.</summary>
    private ulong forgotten;

    public void Add(ReadOnlySpan<byte> key, ulong revision)
    {
        if (added == (ulong)ring.Length && ring.Length < Capacity)
        {
            Array.Resize(ref ring, ring.Length * 2);
        }

        ref var place = ref ring[added++ % (ulong)ring.Length];
        forgotten = Math.Max(forgotten, place.Revision);
        place = (StateDigest.Of(key), revision);
    }

    /// <summary>Whether the key may have been removed by an event after <paramref name="revision"/>.</summary>
    public bool MayHaveGone(ReadOnlySpan<byte> key, ulong revision)
    {
        if (revision < forgotten)
        {
            return true;
        }

        var digest = StateDigest.Of(key);
        for (var i = added; i > 0 && added - i < (ulong)ring.Length; i--)
        {
            var removal = ring[(i - 1) % (ulong)ring.Length];
            if (removal.Revision <= revision)
            {
                return false;
            }

            if (removal.Key == digest)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The state came whole, as of a revision: nothing is known of what led to it.</summary>
    public void ForgetBefore(ulong revision) => forgotten = Math.Max(forgotten, revision);
}
