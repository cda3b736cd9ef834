using Cluster.Modes.Hosting;

namespace Cluster.Modes.CircuitBreaker;

/// <summary>What the proxies of a node, and the dependencies behind them, can be asked.</summary>
internal static class CircuitBreakerOperations
{
    public const string Get = "get";
    public const string Add = "add";
    public const string Show = "show";
    public const string Trip = "trip";
    public const string Reset = "reset";
    public const string Health = "health";
    public const string Received = "received";
    public const string Cost = "cost";

    private const int MaxNameBytes = 128;

    /// <summary>Below a door's patience, so that the proxy and not the door says what came of a call.</summary>
    private static readonly TimeSpan LongestCall = ModeHost.Patience - TimeSpan.FromSeconds(1);

    private static readonly ModeArgument To = ModeArgument.Text("to", "The dependency: a node's name", 64);
    private static readonly ModeArgument Item = ModeArgument.Text("item", "A counter of the dependency", MaxNameBytes);
    private static readonly ModeArgument Id = ModeArgument.Text("id", "Names the call: sent again with the same id an add takes effect once, while fewer than 20,000 others have followed and the dependency lives; 409 for another item", MaxNameBytes);
    private static readonly ModeArgument Within = ModeArgument.Duration("within", "The deadline of the call, all attempts and pauses together", TimeSpan.FromMilliseconds(10), LongestCall).Or("1s");

    public static IReadOnlyList<ModeOperation> All { get; } =
    [
        new(Get, "Reads a counter of a dependency through this node's proxy; answers what came of it: fresh, stale with its age, refused or failed.") { IsRead = true, Arguments = [To, Item, Id.Optional(), Within] },
        new(Add, "Counts up at a dependency through this node's proxy; answers what came of it: fresh, refused, failed or unknown.") { Arguments = [To, Item, Id, Within] },
        new(Show, "This node's proxies: state, window, calls under way, retries left, and the last changes of state.") { IsRead = true },
        new(Trip, "Opens this node's breaker of a dependency, until it is reset.") { Arguments = [To] },
        new(Reset, "Closes this node's breaker of a dependency, and lets it forget what it has counted.") { Arguments = [To] },
        new(Health, "Makes a dependency fast, slow, failing or flapping.")
        {
            Arguments =
            [
                To,
                ModeArgument.Choice("kind", "What it is to be", "fast", "slow", "failing", "flapping"),
                ModeArgument.Duration("latency", "Of a slow one: how long each request takes", TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(1)).Or("300ms"),
                ModeArgument.Number("share", "Of a failing one: how many of a hundred requests fail", 1, 100).Or("100"),
                ModeArgument.Duration("period", "Of a flapping one: how long it fails, and then is fast", TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(1)).Or("500ms"),
            ],
        },
        new(Received, "The attempts that a dependency has received, a page from a number on, as it saw them itself.")
        {
            IsRead = true,
            Arguments = [To, ModeArgument.Number("from", "The number of the first", 1, 9_007_199_254_740_992).Or("1")],
        },
        new(Cost, "What a closed breaker adds to a call on this node, in nanoseconds, measured now: it keeps the node's proxies waiting for some 20 ms.") { IsRead = true },
    ];
}
