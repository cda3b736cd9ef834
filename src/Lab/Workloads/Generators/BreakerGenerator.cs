using Cluster.Lab.Workloads.Sessions;

namespace Cluster.Lab.Workloads.Generators;

/// <summary>
/// Callers that read and count up at three dependencies, half of the time at the first. One client beside them is the operator, who makes the first dependency partly failing, slow, dead and flapping by turns, with
/// some time to recover after each and a long one in the end, then from the beginning.
/// </summary>
internal sealed class BreakerGenerator(WorkloadOptions options, int client, int items) : IGenerator
{
    /// <summary>Calls that go to the dependency that is not always well.</summary>
    private const int SickPercent = 50;

    /// <summary>Of callers' operations, how many look at the proxies of the node that they ask.</summary>
    private const int LookPercent = 2;

    private const string Sick = "n1";

    private static readonly string[] Well = ["n2", "n3"];

    /// <summary>
    /// What it is made, and for how many operations of the operator, some fifteen a second. Partly failing first, below what opens a breaker, so that retries are seen; slow for long enough that callers who
    /// wait for it are seen to; the last recovery longer than any open interval.
    /// </summary>
    private static readonly (string Kind, string Latency, string Share, string Period, int Operations)[] Cycle =
    [
        ("failing", "1ms", "35", "1s", 25),
        ("fast", "1ms", "1", "1s", 15),
        ("slow", "300ms", "1", "1s", 40),
        ("fast", "1ms", "1", "1s", 25),
        ("failing", "1ms", "100", "1s", 15),
        ("fast", "1ms", "1", "1s", 25),
        ("flapping", "1ms", "1", "300ms", 25),
        ("fast", "1ms", "1", "1s", 110),
    ];

    private readonly Dice dice = new(options, client, items);
    private int calls;
    private int phase;
    private int left = 10;

    public IEnumerable<string> Keys => [Sick, .. Well];

    /// <summary>The first page of what a dependency has received, and from each page the next, until one is empty.</summary>
    public static ClosingStep Closing(string key) => new(Page(key, "1"), output => Recipes.BreakerRecipe.NextOf(output) is { } next ? Page(key, next) : null);

    public Request Next() => client == 0 ? Operate() : dice.NextPercent() < LookPercent ? Look : Call(dice.NextPercent() < SickPercent ? Sick : Well[dice.Below(Well.Length)]);

    public void Saw(Request request, in StoreAnswer answer)
    {
        // What comes next does not depend on what was seen.
    }

    private static Request Look => new("proxies", "");

    private static Request Page(string key, string from) => new("received", key, from);

    private Request Operate()
    {
        if (--left > 0)
        {
            return dice.NextPercent() < LookPercent ? Look : Call(Well[dice.Below(Well.Length)]);
        }

        var (kind, latency, share, period, operations) = Cycle[phase];
        (phase, left) = ((phase + 1) % Cycle.Length, operations);
        return new Request("health", Sick, kind, latency, share, period);
    }

    private Request Call(string to) => new(
        "invoke",
        to,
        dice.NextIsRead() ? "get" : "add",
        FormattableString.Invariant($"{options.KeyPrefix}i{dice.NextKey()}"),
        FormattableString.Invariant($"{options.KeyPrefix}p{options.FirstProcess + client}.{++calls}"));
}
