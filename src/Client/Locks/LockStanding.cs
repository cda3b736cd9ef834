using System.Globalization;

namespace Cluster.Client.Locks;

/// <summary>How a lock stands, as a node shows it.</summary>
/// <param name="State">held, delayed, reserved or free.</param>
internal sealed record LockStanding(string Name, string State, string? Session, long? Token, int? Count, long? LeaseMs, long? DelayMs, IReadOnlyList<LockStanding.Waiter> Queue, long LastToken)
{
    /// <summary>As people read it.</summary>
    public IEnumerable<string> Lines() =>
    [
        State switch
        {
            "held" => Say($"{Name}  held by {Session} with token {Token}{(Count > 1 ? Say($", entered {Count} times") : "")}; its lease runs for another {LeaseMs / 1000.0:0.0} s"),
            "delayed" => Say($"{Name}  nobody's for another {DelayMs / 1000.0:0.0} s (lock delay): the lease of token {LastToken} ended without a release"),
            "reserved" => Say($"{Name}  free, and the first in the queue is next; last token {LastToken}"),
            _ => Say($"{Name}  free; last token {LastToken}"),
        },
        .. Queue.Select((waiter, at) => Say($"  {at + 1}. {waiter.Session}  ticket {waiter.Ticket}, place kept for {waiter.PlaceMs / 1000.0:0.0} s")),
    ];

    private static string Say(FormattableString words) => words.ToString(CultureInfo.InvariantCulture);

    internal sealed record Waiter(string Session, long Ticket, long PlaceMs);
}
