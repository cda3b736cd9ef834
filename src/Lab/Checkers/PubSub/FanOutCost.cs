using System.Globalization;
using Cluster.Lab.Histories;

namespace Cluster.Lab.Checkers.PubSub;

/// <summary>What it took to bring messages to their subscribers: frames between nodes against deliveries, and how long a client waited for the answer.</summary>
internal static class FanOutCost
{
    /// <summary>In words; empty where no answer tells it.</summary>
    public static string Of(IEnumerable<Publication> publications)
    {
        var told = publications.Select(message => (message.Operation, Receipt: Read(message.Operation))).Where(message => message.Receipt is not null)
            .Select(message => (Subscriptions: message.Receipt!.Value.Subscriptions, message.Receipt.Value.Frames, Nanoseconds: (double)(message.Operation.Return - message.Operation.Call)))
            .OrderBy(message => message.Subscriptions).ToList();
        if (told.Count < 2)
        {
            return "";
        }

        var (few, many) = (told[..(told.Count / 2)], told[(told.Count / 2)..]);
        var cost = string.Create(
            CultureInfo.InvariantCulture,
            $"; a message went to {told.Average(message => message.Subscriptions):0.0} subscriptions by {told.Average(message => message.Frames):0.00} frames between nodes");
        return told.TrueForAll(message => message.Nanoseconds == 0)
            ? cost // A simulated node's processor takes no time.
            : string.Create(CultureInfo.InvariantCulture, $"{cost}; publishing took {Median(few)} to up to {few[^1].Subscriptions}, {Median(many)} to more (medians)");
    }

    private static string Median(List<(double Subscriptions, double Frames, double Nanoseconds)> messages) =>
        string.Create(CultureInfo.InvariantCulture, $"{messages.Select(message => message.Nanoseconds).Order().ElementAt(messages.Count / 2) / 1e6:0.00} ms");

    private static (double Subscriptions, double Frames)? Read(Operation operation) =>
        operation is { Outcome: Outcome.Ok, Output: { } output } && output.Split(' ') is [var here, var nodes, var elsewhere] && Number(here) is { } h && Number(nodes) is { } n && Number(elsewhere) is { } e ? (h + e, n) : null;

    private static double? Number(string text) => double.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
