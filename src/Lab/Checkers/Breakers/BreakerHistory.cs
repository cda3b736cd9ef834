using System.Text.Json;
using Cluster.Lab.Histories;
using Cluster.Lab.Reports;

namespace Cluster.Lab.Checkers.Breakers;

/// <summary>
/// A history of calls through proxies, read: invoke [get or add, item, id] -> a report; health [kind, ...]; proxies -> the changes of state of a node's breakers; received [from] -> a page of the attempts that a
/// dependency received.
/// </summary>
internal sealed class BreakerHistory
{
    /// <summary>After a fault of a node or a link its effects go on for so long: breakers that it opened find back within their longest interval.</summary>
    private const long Aftermath = 6_000_000_000;

    private readonly IReadOnlyList<FaultBand> faults;

    private BreakerHistory(History history)
    {
        faults = FaultBand.Of(history);
        Invoked = [.. history.Operations.Where(operation => operation.Op == "invoke")];
        var answered = history.Operations.Where(operation => operation is { Outcome: Outcome.Ok, Output: not null }).ToList();
        Calls = [.. answered.Where(operation => operation.Op == "invoke").Select(Call)];
        Logs = [.. answered.Where(operation => operation.Op == "received").GroupBy(operation => operation.Key).Select(Log)];
        Changes = [.. answered.Where(operation => operation.Op == "proxies").OrderBy(operation => operation.Return).SelectMany(ChangesIn)];
        Healths = [.. history.Operations.Where(operation => operation.Op == "health").GroupBy(operation => operation.Key).SelectMany(Spans)];
    }

    /// <summary>Every call, however it ended.</summary>
    public IReadOnlyList<Operation> Invoked { get; }

    /// <summary>Those that were reported on.</summary>
    public IReadOnlyList<CallSeen> Calls { get; }

    public IReadOnlyList<ReceivedLog> Logs { get; }

    /// <summary>By proxy and dependency, as often as they were seen.</summary>
    public IReadOnlyList<(string By, string To, StateChange Change)> Changes { get; }

    public IReadOnlyList<HealthSpan> Healths { get; }

    public static bool Understands(Operation operation) => operation switch
    {
        { Op: "invoke", Input: ["get" or "add", not null, not null] } => true,
        { Op: "health", Input: [not null, ..] } => true,
        { Op: "received" or "proxies" } => true,
        _ => false,
    };

    /// <summary>Null where an answer is none of this workload.</summary>
    public static BreakerHistory? Read(History history)
    {
        try
        {
            return new BreakerHistory(history);
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException or KeyNotFoundException or ArgumentException or OverflowException)
        {
            return null;
        }
    }

    /// <summary>Whether no fault of a node or a link, nor what it leaves behind, can have touched this time.</summary>
    public bool IsCalm(long from, long until) => !faults.Any(fault => fault.Start <= until && fault.End >= from - Aftermath);

    private static CallSeen Call(Operation operation)
    {
        using var json = JsonDocument.Parse(operation.Output!);
        var told = json.RootElement;
        return new CallSeen(
            operation,
            told.GetProperty("by").GetString() ?? "",
            told.GetProperty("outcome").GetString() ?? "",
            Find(told, "because")?.GetString(),
            told.GetProperty("attempts").GetInt32(),
            Find(told, "value")?.GetInt64(),
            Find(told, "life")?.GetString(),
            Find(told, "ageMs")?.GetInt64());
    }

    private static JsonElement? Find(JsonElement of, string name) => of.TryGetProperty(name, out var value) ? value : null;

    private static ReceivedLog Log(IGrouping<string, Operation> pages)
    {
        var (life, first, last) = ("", 1L, 0L);
        var attempts = new SortedDictionary<long, AttemptReceived>();
        foreach (var page in pages.OrderBy(page => page.Return))
        {
            using var json = JsonDocument.Parse(page.Output!);
            var told = json.RootElement;
            if (told.GetProperty("life").GetString() is { } now && now != life)
            {
                life = now;
                attempts.Clear();
            }

            (first, last) = (told.GetProperty("first").GetInt64(), told.GetProperty("last").GetInt64());
            foreach (var attempt in told.GetProperty("attempts").EnumerateArray().Select(Attempt))
            {
                attempts[attempt.Seq] = attempt;
            }
        }

        return new ReceivedLog(pages.Key, life, first <= 1 && attempts.Count == last, [.. attempts.Values]);
    }

    private static AttemptReceived Attempt(JsonElement told) => new(
        told.GetProperty("seq").GetInt64(),
        told.GetProperty("id").GetString() ?? "",
        told.GetProperty("from").GetString() ?? "",
        told.GetProperty("number").GetInt32(),
        told.GetProperty("probe").GetInt64(),
        told.GetProperty("atMs").GetDouble(),
        told.GetProperty("fate").GetString() ?? "");

    private static List<(string By, string To, StateChange Change)> ChangesIn(Operation look)
    {
        using var json = JsonDocument.Parse(look.Output!);
        return
        [
            .. from proxy in json.RootElement.GetProperty("proxies").EnumerateArray()
               from change in proxy.GetProperty("transitions").EnumerateArray()
               select (proxy.GetProperty("by").GetString() ?? "", proxy.GetProperty("to").GetString() ?? "", new StateChange(
                   change.GetProperty("number").GetInt64(),
                   change.GetProperty("from").GetString() ?? "",
                   change.GetProperty("to").GetString() ?? "",
                   change.GetProperty("atMs").GetInt64(),
                   change.GetProperty("openForMs").GetInt64(),
                   change.GetProperty("byHand").GetBoolean())),
        ];
    }

    /// <summary>Between two settings; one whose answer did not come leaves nothing known until the next.</summary>
    private static IEnumerable<HealthSpan> Spans(IGrouping<string, Operation> settings)
    {
        var ordered = settings.OrderBy(setting => setting.Call).ToList();
        return ordered.Index()
            .Where(setting => setting.Item.Outcome == Outcome.Ok)
            .Select(setting => new HealthSpan(settings.Key, setting.Item.Input[0]!, setting.Item.Return, setting.Index + 1 < ordered.Count ? ordered[setting.Index + 1].Call : long.MaxValue));
    }
}
