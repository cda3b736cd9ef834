using System.Globalization;
using Cluster.Lab.Histories;
using Cluster.Lab.Workloads.Sessions;

namespace Cluster.Lab.Workloads.Generators;

/// <summary>
/// Commands orders that other clients command at the same time: places, pays, ships, cancels, now and then at a version that it has seen; looks at what it has just done; and has projections held, released and
/// rebuilt. What was not answered is sent again.
/// </summary>
internal sealed class AggregateGenerator(WorkloadOptions options, int client) : IGenerator
{
    /// <summary>Orders that clients are at work on at one time.</summary>
    private const int AtWork = 6;

    /// <summary>Operations of a client after which the oldest of them is left alone.</summary>
    private const int OperationsPerOrder = 2;

    private static readonly string[] Verbs = ["place", "place", "pay", "pay", "ship", "cancel"];

    private static readonly string[] Projections = ["orders", "items", "customers"];

    private readonly Dice dice = new(options, client, AtWork);
    private readonly Dictionary<string, string> versions = new(StringComparer.Ordinal);
    private Request? again;
    private (string Order, string Token)? done;
    private string? held;
    private int operations;

    public IEnumerable<string> Keys =>
    [
        .. Enumerable.Range(0, (operations / OperationsPerOrder) + AtWork).Select(Order),
        .. Projections.Select(View),
    ];

    /// <summary>What is to be read after the run: each order's events; each projection as it is, and once more when it has been rebuilt.</summary>
    public static ClosingStep? Closing(string key) => IsView(key)
        ? new ClosingStep(new Request("view", key), view => view is null ? null : Rebuilt(key, view))
        : new ClosingStep(new Request("history", key));

    public Request Next()
    {
        operations++;
        if (again is not null)
        {
            return again;
        }

        if (done is { } mine)
        {
            done = null;
            return new Request("look", mine.Order, mine.Token);
        }

        var kind = dice.NextPercent();
        if (kind < 3)
        {
            return new Request(dice.Below(2) == 0 ? "rebuild" : "pause", held = View(Projections[dice.Below(Projections.Length)]));
        }

        if (held is { } view && kind < 20)
        {
            held = null;
            return new Request("resume", view);
        }

        var number = (operations / OperationsPerOrder) + dice.NextKey();
        var order = Order(number);
        if (kind < 30)
        {
            return new Request("look", order, (string?)null);
        }

        var expect = dice.NextPercent() < 30 ? versions.GetValueOrDefault(order) : null;
        return new Request(
            "command",
            order,
            Verbs[dice.Below(Verbs.Length)],
            dice.NextValue(),
            expect,
            FormattableString.Invariant($"{options.KeyPrefix}c{number % 3}"),
            FormattableString.Invariant($"{options.KeyPrefix}i{number % 4}"),
            FormattableString.Invariant($"{1 + (number % 5)}"));
    }

    public void Saw(Request request, in StoreAnswer answer)
    {
        if (request.Op != "command")
        {
            return;
        }

        again = answer.Outcome == Outcome.Ok || answer.IsConflict ? null : request;
        if (answer is { Outcome: Outcome.Ok, Output: { } output })
        {
            var words = output.Split(' ');
            versions[request.Key] = words[0];
            done = (request.Key, words[1]);
        }
    }

    private static bool IsView(string key) => key.AsSpan(key.LastIndexOf(':') + 1).StartsWith("view-");

    /// <summary>The request after a view of this generation; a rebuilt one is the last.</summary>
    private static Request? Rebuilt(string key, string view) =>
        view.StartsWith("rebuilt ", StringComparison.Ordinal) ? null : new Request("rebuilt", key, view[..view.IndexOf(' ', StringComparison.Ordinal)]);

    private string Order(int number) => string.Create(CultureInfo.InvariantCulture, $"{options.KeyPrefix}o{number}");

    private string View(string projection) => $"{options.KeyPrefix}view-{projection}";
}
