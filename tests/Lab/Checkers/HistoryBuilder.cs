using Cluster.Lab.Histories;

namespace Cluster.Lab.Tests.Checkers;

/// <summary>Histories as one writes them on a board: each operation a line, with its call and its return.</summary>
internal sealed class HistoryBuilder
{
    private readonly List<Operation> operations = [];
    private int process;

    public HistoryBuilder Write(string key, string value, long call, long end, Outcome outcome = Outcome.Ok) => Add("write", key, [value], call, end, outcome);

    public HistoryBuilder Read(string key, string? value, long call, long end) => Add("read", key, [], call, end, Outcome.Ok, value);

    public HistoryBuilder Cas(string key, string old, string value, long call, long end, Outcome outcome = Outcome.Ok) =>
        Add("cas", key, [old, value], call, end, outcome, outcome == Outcome.Ok ? "true" : null);

    public HistoryBuilder Increment(string key, long call, long end, string? output, Outcome outcome = Outcome.Ok) => Add("incr", key, ["1"], call, end, outcome, output);

    public HistoryBuilder Delete(string key, long call, long end) => Add("delete", key, [], call, end, Outcome.Ok);

    public History Build() => new(operations, []);

    private HistoryBuilder Add(string op, string key, string?[] input, long call, long end, Outcome outcome, string? output = null)
    {
        operations.Add(new Operation(process++, op, key, input, call, end, outcome, output));
        return this;
    }
}
