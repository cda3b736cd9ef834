namespace Cluster.Node.Security;

/// <summary>
/// Slows down who guesses passwords and tokens: each address may be wrong some times at once, then twice a second; beyond that nothing from there is judged any
/// more, right or wrong, until the time is over. Shared by all doors. Bounded: when too many addresses are wrong, they share one allowance.
/// </summary>
internal sealed class FailedAuthentications(TimeProvider time)
{
    /// <summary>A script with an old token, started a few times, is not locked out.</summary>
    public const int AtOnce = 20;

    private const double PerSecond = 2;

    /// <summary>Addresses remembered; one that is quiet for ten seconds is forgotten when there is need.</summary>
    private const int MaxAddresses = 4096;

    private const string Everybody = "";

    private readonly Lock gate = new();
    private readonly Dictionary<string, (double Left, long At)> allowances = new(StringComparer.Ordinal);

    /// <summary>How long an address has to wait before it is judged again; null when it need not.</summary>
    public TimeSpan? WaitOf(string address)
    {
        lock (gate)
        {
            var left = Left(Key(address));
            return left >= 1 ? null : TimeSpan.FromSeconds((1 - left) / PerSecond);
        }
    }

    /// <summary>Somebody at that address was wrong.</summary>
    public void Count(string address)
    {
        lock (gate)
        {
            if (allowances.Count >= MaxAddresses)
            {
                foreach (var quiet in allowances.Keys.Where(known => Left(known) >= AtOnce).ToArray())
                {
                    allowances.Remove(quiet);
                }
            }

            var key = Key(address);
            allowances[key] = (Math.Max(0, Left(key) - 1), time.GetTimestamp());
        }
    }

    private string Key(string address) => allowances.Count < MaxAddresses || allowances.ContainsKey(address) ? address : Everybody;

    private double Left(string key) => allowances.TryGetValue(key, out var known)
        ? Math.Min(AtOnce, known.Left + (time.GetElapsedTime(known.At).TotalSeconds * PerSecond))
        : AtOnce;
}
