using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Cluster.Lab.Histories;
using Cluster.Lab.Workloads.Sessions;

namespace Cluster.Lab.Workloads.Recipes;

/// <summary>One partition of a topic of the mode <c>log-based</c>: records sent by an idempotent producer, and polled, as histories tell them.</summary>
/// <param name="Topic">Its name.</param>
/// <param name="Partition">Its number, from 0.</param>
internal readonly record struct LogTopic(string Topic, int Partition)
{
    public const string Mode = "log-based";

    /// <summary>Partitions of a topic that nobody has made otherwise.</summary>
    public const int Partitions = 4;

    /// <summary>Records of one poll at most.</summary>
    private const int Window = 64;

    /// <summary>The number at the end of a key.</summary>
    public static int NumberOf(string key) => int.Parse(key.AsSpan(key.AsSpan().TrimEnd("0123456789").Length), CultureInfo.InvariantCulture);

    /// <param name="value">As <see cref="Generators.ProducerNumbers"/> makes them.</param>
    public async Task<StoreAnswer> SendAsync(IClientSession session, string value)
    {
        var numbers = value.Split('.');
        var call = new ModeCall(Mode, "append", IsRead: false, ("topic", Topic), Number("partition", Partition), ("value", value), ("producer", Producer(numbers[0])), ("epoch", numbers[1]), ("sequence", numbers[2]));
        var answer = await CallAsync(session, call).ConfigureAwait(false);
        if (answer is not { Outcome: Outcome.Ok, Output: { } json })
        {
            return answer;
        }

        using var told = JsonDocument.Parse(json);
        return StoreAnswer.Ok(told.RootElement.GetProperty("offset").GetInt64().ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>Asks the mode; a node that does not serve is left for the next one.</summary>
    public static async Task<StoreAnswer> CallAsync(IClientSession session, ModeCall call)
    {
        var answer = await session.CallAsync(call).ConfigureAwait(false);
        if (answer is { Outcome: Outcome.Fail, IsConflict: false })
        {
            session.MoveOn();
        }

        return answer;
    }

    public async Task<StoreAnswer> PollAsync(IClientSession session, string from, bool atReplica)
    {
        var answer = await FetchAsync(session, from, atReplica).ConfigureAwait(false);
        if (answer is not { Outcome: Outcome.Ok, Output: { } json })
        {
            return StoreAnswer.Fail;
        }

        using var told = JsonDocument.Parse(json);
        return StoreAnswer.Ok($"[{string.Join(',', told.RootElement.GetProperty("records").EnumerateArray().Select(record => $"[{record.GetProperty("offset").GetInt64()},\"{JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(record.GetProperty("value").GetString()!)}\"]"))}]");
    }

    /// <summary>The mode's own answer.</summary>
    public Task<StoreAnswer> FetchAsync(IClientSession session, string from, bool atReplica) => CallAsync(session, new ModeCall(
        Mode, "fetch", IsRead: true, ("topic", Topic), Number("partition", Partition), ("offset", from), Number("max", Window), ("from", atReplica ? "replica" : "leader")));

    private static (string Name, string? Value) Number(string name, int value) => (name, value.ToString(CultureInfo.InvariantCulture));

    /// <summary>A cluster that stands may have had this producer before, in another run.</summary>
    private string Producer(string name) => $"{Topic}-{name}";
}
