using Cluster.Lab.Histories;
using Cluster.Lab.Workloads.Sessions;

namespace Cluster.Lab.Workloads.Generators;

/// <summary>
/// Acquires a lock, uses the resource a few times, and releases. Some holders go to sleep instead: they do not release, somebody else gets the lock when the lease is over, and
/// later they wake up and use the resource with the token they had. That is what fencing is for.
/// </summary>
internal sealed class LockGenerator(WorkloadOptions options, int client, int locks) : IGenerator
{
    private const int MostAccesses = 3;

    /// <summary>Of holders, how many fall asleep.</summary>
    private const int AsleepPercent = 25;

    /// <summary>Of operations while it sleeps, how many are the awakening: most locks have passed on by then.</summary>
    private const int AwakenPercent = 5;

    private readonly Dice dice = new(options, client, locks);
    private (string Lock, string Token, int Accesses)? held;
    private (string Lock, string Token)? asleep;

    public IEnumerable<string> Keys => Enumerable.Range(0, locks).Select(Name);

    public Request Next()
    {
        if (asleep is { } sleeper && dice.NextPercent() < AwakenPercent)
        {
            asleep = null;
            return new Request("access", sleeper.Lock, sleeper.Token);
        }

        if (held is not { } holding)
        {
            return new Request("acquire", Name(dice.NextKey()));
        }

        if (holding.Accesses > 0)
        {
            held = holding with { Accesses = holding.Accesses - 1 };
            return new Request("access", holding.Lock, holding.Token);
        }

        held = null;
        if (asleep is null && dice.NextPercent() < AsleepPercent)
        {
            asleep = (holding.Lock, holding.Token);
            return new Request("acquire", Name(dice.NextKey()));
        }

        return new Request("release", holding.Lock, holding.Token);
    }

    public void Saw(Request request, in StoreAnswer answer)
    {
        if (request.Op == "acquire" && answer is { Outcome: Outcome.Ok, Output: { } token })
        {
            held = (request.Key, token, 1 + dice.Below(MostAccesses));
        }
    }

    private string Name(int number) => FormattableString.Invariant($"{options.KeyPrefix}lock{number}");
}
