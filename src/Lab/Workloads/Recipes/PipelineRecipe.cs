using System.Globalization;
using System.Text.Json;
using Cluster.Lab.Histories;
using Cluster.Lab.Workloads.Sessions;

namespace Cluster.Lab.Workloads.Recipes;

/// <summary>
/// Consume, process, produce on the mode <c>log-based</c>: join [member] gives <c>GENERATION PARTITION,PARTITION</c>; process [member, generation, from, blind] reads the input from there,
/// or from where the group stands, and appends what it made with the new position in one step: {"to": position, "values": [...]}; table gives {"offset": N, "table": {key: value}}.
/// </summary>
internal sealed class PipelineRecipe : IRecipe
{
    /// <summary>A step without a look at the group: whoever takes it does not know that it is no member any more.</summary>
    public const string Blind = "blind";

    /// <summary>So short that a member which is busy with other things for some dozen operations is given up.</summary>
    private const string Session = "500ms";

    public Task<StoreAnswer> ExecuteAsync(IClientSession session, Request request) => request switch
    {
        { Op: "send", Input: [{ } value] } => TopicOf(request.Key, "in").SendAsync(session, value),
        { Op: "poll", Input: [{ } from] } => TopicOf(request.Key, KindOf(request.Key)).PollAsync(session, from, atReplica: false),
        { Op: "join", Input: [{ } member] } => JoinAsync(session, request.Key, member),
        { Op: "process", Input: [{ } member, { } generation, var from, var blind] } => ProcessAsync(session, request.Key, member, generation, from, blind is not null),
        { Op: "table" } => TableAsync(session, request.Key),
        _ => throw new ArgumentException($"no recipe for '{request.Op}'", nameof(request)),
    };

    /// <summary>in, out, table or group: the word at the end of a key, before its number.</summary>
    public static string KindOf(string key)
    {
        var stem = key.AsSpan().TrimEnd("0123456789");
        return stem[(stem.LastIndexOf(':') + 1)..].ToString();
    }

    /// <summary>Where a group stands after a step that gave this.</summary>
    public static string PositionAfter(string processed)
    {
        using var told = JsonDocument.Parse(processed);
        return told.RootElement.GetProperty("to").GetInt64().ToString(CultureInfo.InvariantCulture);
    }

    private static async Task<StoreAnswer> JoinAsync(IClientSession session, string key, string member)
    {
        var answer = await CallAsync(session, "join", TopicOf(key, "in"), ("group", "pipeline"), ("member", member), ("session", Session)).ConfigureAwait(false);
        if (answer is not { Outcome: Outcome.Ok, Output: { } json })
        {
            return answer;
        }

        using var told = JsonDocument.Parse(json);
        return StoreAnswer.Ok($"{told.RootElement.GetProperty("generation").GetInt64()} {string.Join(',', told.RootElement.GetProperty("partitions").EnumerateArray())}");
    }

    private static async Task<StoreAnswer> ProcessAsync(IClientSession session, string key, string member, string generation, string? from, bool isBlind)
    {
        var input = TopicOf(key, "in");
        (string, string?)[] who = [("group", "pipeline"), ("member", member), ("generation", generation)];
        if (!isBlind && await IsMemberAsync(session, input, who, generation).ConfigureAwait(false) is { } no)
        {
            return no;
        }

        if (from is null)
        {
            var claimed = await CallAsync(session, "claim", input, [.. who, Partition(input)]).ConfigureAwait(false);
            if (claimed is not { Outcome: Outcome.Ok, Output: { } position })
            {
                return claimed.IsConflict ? StoreAnswer.Conflict : StoreAnswer.Fail; // A claim makes no record.
            }

            using var told = JsonDocument.Parse(position);
            from = told.RootElement.GetProperty("offset").GetInt64().ToString(CultureInfo.InvariantCulture);
        }

        var fetched = await input.FetchAsync(session, from, atReplica: false).ConfigureAwait(false);
        if (fetched is not { Outcome: Outcome.Ok, Output: { } json })
        {
            return StoreAnswer.Fail;
        }

        using var read = JsonDocument.Parse(json);
        var to = read.RootElement.GetProperty("next").GetInt64().ToString(CultureInfo.InvariantCulture);
        var values = read.RootElement.GetProperty("records").EnumerateArray().Select(record => record.GetProperty("value").GetString()!).ToArray();
        var made = $"{{\"to\":{to},\"values\":{JsonSerializer.Serialize(values, HistoryJson.Default.StringArray)}}}";
        if (values.Length == 0)
        {
            return StoreAnswer.Ok(made);
        }

        var records = JsonSerializer.Serialize(values.Select(value => new OutputRecord(value[..value.IndexOf('.', StringComparison.Ordinal)], value)).ToArray(), PipelineJson.Default.OutputRecordArray);
        var answer = await CallAsync(session, "process", input, [.. who, Partition(input), ("expect", from), ("to", to), ("output", TopicOf(key, "out").Topic), ("records", records)]).ConfigureAwait(false);
        return answer.Outcome == Outcome.Ok ? StoreAnswer.Ok(made) : answer;
    }

    /// <summary>Null where the member is one under its generation; else why the step is not taken.</summary>
    private static async Task<StoreAnswer?> IsMemberAsync(IClientSession session, LogTopic input, (string, string?)[] who, string generation)
    {
        var beat = await CallAsync(session, "heartbeat", input, who).ConfigureAwait(false);
        if (beat is not { Outcome: Outcome.Ok, Output: { } json })
        {
            return beat.IsConflict ? StoreAnswer.Conflict : StoreAnswer.Fail;
        }

        using var told = JsonDocument.Parse(json);
        return told.RootElement.GetProperty("generation").GetInt64().ToString(CultureInfo.InvariantCulture) == generation ? null : StoreAnswer.Conflict;
    }

    private static async Task<StoreAnswer> TableAsync(IClientSession session, string key)
    {
        var output = TopicOf(key, "out");
        var answer = await LogTopic.CallAsync(session, new ModeCall(LogTopic.Mode, "table", IsRead: true, ("topic", output.Topic), Partition(output))).ConfigureAwait(false);
        if (answer is not { Outcome: Outcome.Ok, Output: { } json })
        {
            return StoreAnswer.Fail;
        }

        using var told = JsonDocument.Parse(json);
        return StoreAnswer.Ok($"{{\"offset\":{told.RootElement.GetProperty("offset").GetInt64()},\"table\":{told.RootElement.GetProperty("table").GetRawText()}}}");
    }

    private static Task<StoreAnswer> CallAsync(IClientSession session, string operation, LogTopic topic, params IReadOnlyList<(string, string?)> arguments) =>
        LogTopic.CallAsync(session, new ModeCall(LogTopic.Mode, operation, IsRead: false, [("topic", topic.Topic), .. arguments]));

    private static (string, string?) Partition(LogTopic topic) => ("partition", topic.Partition.ToString(CultureInfo.InvariantCulture));

    /// <summary>Input and output have one hash tag, so that a step reaches both at once.</summary>
    private static LogTopic TopicOf(string key, string kind) =>
        new($"{{{key[..(key.LastIndexOf(':') + 1)]}}}.{kind}", key.EndsWith("group", StringComparison.Ordinal) ? 0 : LogTopic.NumberOf(key));
}
