using System.Globalization;
using System.Text.Json;
using Cluster.Lab.Histories;
using Cluster.Lab.Workloads.Recipes;
using Cluster.Shared.Scenarios;
using Cluster.Shared.Wire;

namespace Cluster.Lab.Workloads.Sessions;

/// <summary>
/// A client of a storage mode: the same reads and writes as on the engine's own store, asked of the mode, with the dial that the scenario says. So every workload on registers judges every mode.
/// </summary>
/// <param name="nodes">The session that carries the calls.</param>
/// <param name="asked">Names the mode and its dial.</param>
internal sealed class StorageModeSession(IClientSession nodes, ScenarioWorkload asked) : IClientSession, IStepsSession
{
    private string? token;

    public string Asked => nodes.Asked;

    public long SentAgain => nodes.SentAgain;

    public void MoveOn() => nodes.MoveOn();

    public void Steer(string node) => nodes.Steer(node);

    public Task<bool> TryConnectAsync(CancellationToken cancellation) => nodes.TryConnectAsync(cancellation);

    public async Task<StoreAnswer> ReadAsync(string key, ReadConsistency consistency)
    {
        var answer = await CallAsync("get", isRead: true, asked.ReadDial, ("key", key)).ConfigureAwait(false);
        return answer.Outcome != Outcome.Ok ? answer : StoreAnswer.Ok(Text(answer.Output!, "value"));
    }

    public Task<StoreAnswer> WriteAsync(string key, string value) => ChangeAsync("put", null, ("key", key), ("value", value));

    public Task<StoreAnswer> DeleteAsync(string key) => ChangeAsync("delete", null, ("key", key));

    public Task<StoreAnswer> CompareAndSetAsync(string key, string? expected, string value) => ChangeAsync("cas", "true", ("key", key), ("expected", expected), ("value", value));

    /// <summary>For modes with the operation <c>txn</c>: one that only reads.</summary>
    public async Task<StoreValues> ReadManyAsync(IReadOnlyList<string> keys, ReadConsistency consistency) =>
        await RunAsync(keys.Select(static key => new[] { "read", key })).ConfigureAwait(false) is { Outcome: Outcome.Ok, Output: { } output } ? new StoreValues(Outcome.Ok, Values(output)) : StoreValues.Fail;

    public Task<StoreAnswer> AppendAsync(string key, string end) => throw Missing("appends");

    /// <summary>For modes with the operation <c>increment</c>, which need not tell the sum.</summary>
    public Task<StoreAnswer> IncrementAsync(string key, long delta) => ChangeAsync("increment", null, ("key", key), ("by", delta.ToString(CultureInfo.InvariantCulture)));

    /// <summary>For modes with the operation <c>txn</c>: one that reads, and a second one that writes if what the first one read still stands.</summary>
    public async Task<StoreAnswer> TransactAsync(IReadOnlyList<string> keys, Func<IReadOnlyList<string?>, StoreDecision> decide)
    {
        var read = await ReadManyAsync(keys, ReadConsistency.Linearizable).ConfigureAwait(false);
        if (read.Outcome != Outcome.Ok)
        {
            return StoreAnswer.Fail;
        }

        var decision = decide(read.Values);
        if (decision.IsRefusal || decision.Writes.Count == 0)
        {
            return decision.IsRefusal ? StoreAnswer.Conflict : StoreAnswer.Ok(decision.Output);
        }

        var expected = keys.Zip(read.Values).Select(static key => new[] { "expect", key.First, key.Second });
        var written = decision.Writes.Select(write => write switch
        {
            { Life: not null } => throw Missing("keys with a life"),
            { Value: null } => new[] { "delete", write.Key },
            _ => ["put", write.Key, write.Value],
        });
        var answer = await RunAsync(expected.Concat(written)).ConfigureAwait(false);
        return answer.Outcome == Outcome.Ok ? StoreAnswer.Ok(decision.Output) : answer;
    }

    public async Task<StoreAnswer> AppendAndReadAsync(IReadOnlyList<(string Key, string? Appended)> steps)
    {
        var answer = await RunAsync(steps.Select(static step => step.Appended is null ? new[] { "read", step.Key } : ["append", step.Key, step.Appended])).ConfigureAwait(false);
        return steps.Any(step => step.Appended is not null) || answer.Outcome != Outcome.Info ? answer : StoreAnswer.Fail;
    }

    public IReadOnlyList<string?> Seen(string output) => Values(output);

    public Task<StoreAnswer> CallAsync(ModeCall call) => nodes.CallAsync(call);

    public ValueTask DisposeAsync() => nodes.DisposeAsync();

    /// <summary>One transaction of the mode, as a list of steps.</summary>
    private Task<StoreAnswer> RunAsync(IEnumerable<string?[]> steps) =>
        CallAsync("txn", isRead: false, asked.WriteDial, ("steps", JsonSerializer.Serialize([.. steps], HistoryJson.Default.StringArrayArray)));

    /// <summary>What each step of a transaction read.</summary>
    private static List<string?> Values(string output)
    {
        using var read = JsonDocument.Parse(output);
        return [.. read.RootElement.GetProperty("steps").EnumerateArray().Select(step => step.TryGetProperty("value", out var value) ? value.GetString() : null)];
    }

    private async Task<StoreAnswer> ChangeAsync(string operation, string? output, params (string Name, string? Value)[] arguments)
    {
        var answer = await CallAsync(operation, isRead: false, asked.WriteDial, arguments).ConfigureAwait(false);
        return answer.Outcome == Outcome.Ok ? StoreAnswer.Ok(asked.TellsVersions && operation == "put" ? Text(answer.Output!, "version") : output) : answer;
    }

    private async Task<StoreAnswer> CallAsync(string operation, bool isRead, IReadOnlyDictionary<string, string> dial, params (string Name, string? Value)[] arguments)
    {
        var session = asked.CarriesToken ? token : null;
        var answer = await nodes.CallAsync(new ModeCall(asked.Store!, operation, isRead, [.. arguments, .. dial.Select(set => (set.Key, (string?)set.Value)), ("token", session)])).ConfigureAwait(false);
        if (asked.CarriesToken && answer is { Outcome: Outcome.Ok, Output: { } told })
        {
            token = Text(told, "token") ?? token;
        }

        return answer;
    }

    private static string? Text(string json, string name)
    {
        using var read = JsonDocument.Parse(json);
        return read.RootElement.TryGetProperty(name, out var value) ? value.GetString() : null;
    }

    private LabException Missing(string what) => new($"the storage contract has no {what}: the workload cannot be played on {asked.Store}");
}
