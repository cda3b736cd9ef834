using System.Text.Json;
using Cluster.Lab.Messages;
using static Cluster.Lab.Reports.Columns;

namespace Cluster.Lab.Reports;

/// <summary>The messages of a run as the page's space-time diagram reads them: bounded in number, the ones that matter kept first.</summary>
internal static class MessageColumns
{
    /// <summary>Messages that a page shows: some ten megabytes, which a browser opens at once and draws within a tenth of a second.</summary>
    public const int MaxMessages = 100_000;

    /// <summary>Longest text of a message that the page shows.</summary>
    private const int MaxText = 160;

    /// <summary>Messages this long before and after a violation explain it, in nanoseconds: elections take about as long.</summary>
    private const long RoundViolation = 2_000_000_000;

    /// <summary>
    /// At most so many, in order of sending. Of more, those round a violation stay first, then what is rare (lost, elections, snapshots), then what clients
    /// caused; heartbeats go first, and of equals the later ones.
    /// </summary>
    /// <param name="violation">From when to when what shows a violation happened, in nanoseconds; null where nothing does.</param>
    public static IReadOnlyList<RecordedMessage> Choose(IReadOnlyList<RecordedMessage> messages, int most, (long From, long To)? violation) => messages.Count <= most
        ? [.. messages.OrderBy(message => message.SentAt)]
        : [.. messages.OrderBy(message => message.SentAt).OrderBy(message => Rank(message, violation)).Take(most).OrderBy(message => message.SentAt)];

    /// <param name="shown">In order of sending.</param>
    /// <param name="all">How many there were.</param>
    /// <param name="missed">How many records of nodes were lost before they were read.</param>
    public static void Write(Utf8JsonWriter json, IReadOnlyList<RecordedMessage> shown, int all, long missed)
    {
        var nodes = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var name in shown.SelectMany(message => new[] { message.From, message.To }).Distinct().Order(StringComparer.Ordinal))
        {
            IndexOf(nodes, name);
        }

        json.WriteStartObject("messages");
        json.WriteNumber("all", all);
        json.WriteNumber("missed", missed);
        WriteTexts(json, "nodes", nodes.Keys);
        WriteNumbers(json, "from", shown, message => nodes[message.From]);
        WriteNumbers(json, "to", shown, message => nodes[message.To]);
        WriteIndexed(json, "kind", shown, message => message.Kind);
        WriteNumbers(json, "shard", shown, message => message.Shard ?? -1L);
        WriteNumbers(json, "term", shown, message => message.Term is { } term ? (long)term : -1);
        WriteNumbers(json, "bytes", shown, message => message.Bytes);
        WriteTimes(json, shown);
        WriteIndexed(json, "drop", shown, message => message.DroppedBecause ?? "", "");
        WriteIndexed(json, "text", shown, message => Short(message.Text, MaxText));
        WriteKeys(json, shown);
        json.WriteEndObject();
    }

    private static int Rank(RecordedMessage message, (long From, long To)? violation)
    {
        if (violation is { } piece && message.SentAt >= piece.From - RoundViolation && message.SentAt <= piece.To + RoundViolation)
        {
            return message.IsHeartbeat ? 2 : 0;
        }

        return message.IsHeartbeat ? 4 : message is { DroppedBecause: not null } or { Kind: not ("AppendEntries" or "AppendReply" or "Request" or "Reply") } ? 1 : 3;
    }

    /// <summary>Small numbers, since a hundred thousand of them are written: each sending after the one before, each receipt after its sending.</summary>
    private static void WriteTimes(Utf8JsonWriter json, IReadOnlyList<RecordedMessage> shown)
    {
        var before = 0L;
        WriteNumbers(json, "after", shown, message =>
        {
            var at = Microseconds(message.SentAt);
            var after = at - before;
            before = at;
            return after;
        });
        WriteNumbers(json, "took", shown, message => message.ReceivedAt is { } received ? Math.Max(0, Microseconds(received) - Microseconds(message.SentAt)) : -1);
    }

    /// <summary>Most messages touch no key or one, and the same ones over and over: a list of keys, a list of sets of them, and an index for each message.</summary>
    private static void WriteKeys(Utf8JsonWriter json, IReadOnlyList<RecordedMessage> shown)
    {
        var keys = new Dictionary<string, int>(StringComparer.Ordinal);
        var sets = new Dictionary<string, int>(StringComparer.Ordinal);
        var of = shown.Select(message => IndexOf(sets, string.Join(',', message.Keys.Select(key => IndexOf(keys, key))))).ToList();
        WriteTexts(json, "keys", keys.Keys);
        json.WriteStartArray("keysets");
        foreach (var set in sets.Keys)
        {
            json.WriteRawValue($"[{set}]");
        }

        json.WriteEndArray();
        WriteNumbers(json, "keyset", of, set => set);
    }
}
