using System.Globalization;
using Cluster.Lab.Histories;

namespace Cluster.Lab.Checkers.Sessions;

/// <summary>
/// Judges session guarantees over many keys. Which of two values is newer must be known without asking the store: each key has one writer, who writes rising
/// whole numbers; absent is older than all. Keys with other writes are refused as unknown.
/// </summary>
/// <remarks>
/// A process carries a floor for each key: the newest version that it must see. Its own writes raise it (read your writes), its reads raise it (monotonic
/// reads), and a read of a value passes on what its writer had written (monotonic writes) or read (writes follow reads) before. A read under the floor
/// is a violation, named after what raised it.
/// </remarks>
public sealed class SessionGuaranteesChecker(IReadOnlyCollection<SessionGuarantee> promised) : IChecker
{
    public string Name => "session guarantees";

    public bool Understands(Operation operation) => operation.IsRead || operation is { Op: "write", Input: [not null] };

    public CheckResult Check(History history)
    {
        if (WhyUnknown(history) is { } doubt)
        {
            return new CheckResult(Name, Verdict.Unknown, doubt, []);
        }

        var evidence = new Evidence();
        var broken = new SortedDictionary<SessionGuarantee, int>();
        var written = new Dictionary<(string Key, long Version), Knowledge>();
        var sessions = new Dictionary<int, Session>();
        var reads = 0;
        foreach (var operation in ByEffect(history))
        {
            if (!sessions.TryGetValue(operation.Process, out var session))
            {
                sessions.Add(operation.Process, session = new Session());
            }

            if (operation.Op == "write")
            {
                // What is known before it returns goes with it, also when its outcome is unknown: somebody may see it.
                written[(operation.Key, Version(operation.Input[0]))] = session.KnowledgeOf();
                if (operation.Outcome == Outcome.Ok)
                {
                    session.Wrote(operation);
                }

                continue;
            }

            reads++;
            foreach (var floor in session.FloorsOver(operation.Key, Version(operation.Output)).Where(floor => promised.Contains(floor.Guarantee)))
            {
                broken[floor.Guarantee] = broken.GetValueOrDefault(floor.Guarantee) + 1;
                evidence.Add($"{Words(floor.Guarantee)}: process {operation.Process} read {operation.Output ?? "nothing"} from {operation.Key} at {Instant.Of(operation.Call)}, {floor.Because}");
            }

            session.Read(operation, written.GetValueOrDefault((operation.Key, Version(operation.Output))));
        }

        var summary = broken.Count == 0
            ? $"{string.Join(", ", promised.Order().Select(Words))}: {reads} reads by {sessions.Count} clients"
            : string.Join(", ", broken.Select(count => $"{Words(count.Key)} broken {count.Value.ToString(CultureInfo.InvariantCulture)} times")) + $" in {reads} reads";
        return evidence.Conclude(Name, summary, broken.Count > 0, reads == 0 ? "nobody read" : null);
    }

    /// <summary>Each client's operations in its own order; a write before every read that saw it.</summary>
    private static IEnumerable<Operation> ByEffect(History history) => history.Operations
        .Where(operation => operation.Outcome == Outcome.Ok || (operation.Outcome == Outcome.Info && !operation.IsRead))
        .OrderBy(operation => operation.IsRead ? operation.Return : operation.Call);

    private static string? WhyUnknown(History history)
    {
        foreach (var key in history.Operations.Where(operation => !operation.IsRead).GroupBy(operation => operation.Key))
        {
            var last = long.MinValue;
            int? writer = null;
            foreach (var write in key.OrderBy(write => write.Call))
            {
                if (write.Op != "write" || write.Input is not [not null] || Version(write.Input[0]) is var version && version <= last)
                {
                    return $"the values of {key.Key} do not rise as whole numbers: {write}";
                }

                if (writer is { } other && other != write.Process)
                {
                    return $"{key.Key} has two writers, process {other} and process {write.Process}: which value is newer cannot be told";
                }

                (writer, last) = (write.Process, version);
            }
        }

        return history.Operations.FirstOrDefault(operation => operation is { IsRead: true, Outcome: Outcome.Ok, Output: not null } && Version(operation.Output) == long.MinValue) is { } odd
            ? $"a value that is no whole number was read: {odd}"
            : null;
    }

    private static long Version(string? value) =>
        value is null ? -1 : long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : long.MinValue;

    private static string Words(SessionGuarantee guarantee) => guarantee switch
    {
        SessionGuarantee.ReadYourWrites => "read your writes",
        SessionGuarantee.MonotonicReads => "monotonic reads",
        SessionGuarantee.MonotonicWrites => "monotonic writes",
        _ => "writes follow reads",
    };
}
