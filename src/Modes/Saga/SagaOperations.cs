using Cluster.Modes.Hosting;
using Cluster.Modes.Shop;

namespace Cluster.Modes.Saga;

/// <summary>What clients may ask of the sagas.</summary>
internal static class SagaOperations
{
    /// <summary>A saga that lasts longer than a day is a workflow.</summary>
    public static readonly TimeSpan LongestTimeout = TimeSpan.FromHours(24);

    /// <summary>Sagas in one list: what a screen and an answer can hold.</summary>
    public const int MostListed = 200;

    private static readonly ModeArgument Style = ModeArgument.Choice("style", "Who knows what comes next", "orchestrated", "choreographed").Or("orchestrated");
    private static readonly ModeArgument Timeout = ModeArgument.Duration("timeout", "An order that has not got past its pivot by then is turned back", TimeSpan.FromMilliseconds(10), LongestTimeout).Or("3s");
    private static readonly ModeArgument Pace = ModeArgument.Duration("pace", "Time that passes before each step, so that people can watch", TimeSpan.Zero, TimeSpan.FromMinutes(1)).Or("0ms");

    public static ModeOperation Place { get; } = new("place", "Begins an order's saga, and answers how it ended: completed or compensated") { Arguments = [.. ShopLedgers.OrderArguments, Style, Timeout, Pace] };

    public static ModeOperation Start { get; } = new("start", "Begins an order's saga, and answers once it is certain to be carried to an end") { Arguments = Place.Arguments };

    public static ModeOperation Show { get; } = new("show", "A saga with its steps") { IsRead = true, Arguments = [ShopLedgers.Id] };

    public static ModeOperation List { get; } = new("list", "Sagas that are under way") { IsRead = true, Arguments = [ModeArgument.Number("most", "At most so many", 1, MostListed).Or("100")] };

    public static ModeOperation Figures { get; } = new("figures", "How many sagas are under way, and how many have ended how") { IsRead = true };
}
