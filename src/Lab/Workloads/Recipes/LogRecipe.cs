using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using Cluster.Lab.Histories;
using Cluster.Lab.Workloads.Sessions;
using Cluster.Shared.Wire;

namespace Cluster.Lab.Workloads.Recipes;

/// <summary>
/// A partition of a log: a key a record, <c>{partition}:offset</c>, and <c>{partition}:end</c>, the next offset. Whoever moves the end writes the record there in the same transaction, so an offset is
/// given once and a record that can be seen has none missing before it. A poll reads a window of offsets at one instant.
/// </summary>
internal sealed class LogRecipe(ReadConsistency consistency) : IRecipe
{
    /// <summary>Records of one poll at most: an answer of a few hundred bytes, and few enough polls to the end of a run.</summary>
    public const int Window = 32;

    public Task<StoreAnswer> ExecuteAsync(IClientSession session, Request request) => request switch
    {
        { Op: "send", Input: [{ } value] } => Optimistic.RunAsync(session, [End(request.Key)], values => Send(request.Key, values[0], value)),
        { Op: "poll", Input: [{ } from, ..] } => PollAsync(session, request.Key, long.Parse(from, CultureInfo.InvariantCulture)),
        _ => throw new ArgumentException($"no recipe for '{request.Op}'", nameof(request)),
    };

    private static StoreDecision Send(string partition, string? end, string value)
    {
        var offset = end is null ? 0 : long.Parse(end, CultureInfo.InvariantCulture);
        return new StoreDecision([new StoreWrite(End(partition), Text(offset + 1)), new StoreWrite(Record(partition, offset), value)], Text(offset));
    }

    private async Task<StoreAnswer> PollAsync(IClientSession session, string partition, long from)
    {
        var read = await session.ReadManyAsync([.. Enumerable.Range(0, Window).Select(ahead => Record(partition, from + ahead))], consistency).ConfigureAwait(false);
        if (read.Outcome != Outcome.Ok)
        {
            return StoreAnswer.Fail;
        }

        // A gap is left out and not taken for the end, so that the checker sees who polled past a lost record.
        var records = new StringBuilder("[");
        for (var ahead = 0; ahead < read.Values.Count; ahead++)
        {
            if (read.Values[ahead] is { } value)
            {
                records.Append(records.Length == 1 ? "" : ",").Append(CultureInfo.InvariantCulture, $"[{from + ahead},\"{JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(value)}\"]");
            }
        }

        return StoreAnswer.Ok(records.Append(']').ToString());
    }

    private static string End(string partition) => $"{{{partition}}}:end";

    private static string Record(string partition, long offset) => $"{{{partition}}}:{Text(offset)}";

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
