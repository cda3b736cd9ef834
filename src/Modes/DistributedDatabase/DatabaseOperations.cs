using Cluster.Modes.DistributedDatabase.Ranges;
using Cluster.Modes.DistributedDatabase.Timestamps;
using Cluster.Modes.DistributedDatabase.Transactions;
using Cluster.Modes.Hosting;
using Cluster.Modes.Storage;
using Cluster.Shared.Results;

namespace Cluster.Modes.DistributedDatabase;

/// <summary>The contract's operations, transactions, and lookups by the index: each is made a transaction of steps, and its outcome an answer.</summary>
internal static class DatabaseOperations
{
    public const string Transact = "txn";
    public const string Find = "find";
    public const string Unfinished = "unfinished";
    public const string Steps = "steps";
    public const string Isolation = "isolation";
    public const string Request = "id";
    public const string Pace = "pace";
    public const string Snapshot = "snapshot";
    public const string Serializable = "serializable";

    private static readonly ModeArgument IsolationArgument = ModeArgument.Choice(Isolation, "Serializable, or a snapshot only: what was read may be written by another before the commit.", Serializable, Snapshot).Or(Serializable);

    public static IReadOnlyList<ModeOperation> All { get; } =
    [
        StorageOperations.Reading(), StorageOperations.Writing(), StorageOperations.Deleting(), StorageOperations.Comparing(), StorageOperations.Scanning(), StorageOperations.Locating(),
        new(Transact, "Carries out steps on any keys as one transaction, and answers what they read: [[\"read\",\"a\"],[\"expect\",\"b\",\"1\"],[\"put\",\"c\",\"2\"],[\"append\",\"d\",\"x\"],[\"delete\",\"e\"],[\"scan\",\"p\",10],[\"find\",\"2\",10]]")
        {
            Arguments =
            [
                ModeArgument.Text(Steps, "The steps, a JSON list.", TransactionText.MostBytes),
                IsolationArgument,
                ModeArgument.Text(Request, "Your own id of it: asked again with it, it is not done again, and the first outcome is told; 409 for other steps.", 64).Optional(),
                ModeArgument.Duration(Pace, "Time between the intents and the decision, and again before the intents are resolved, so that people can watch.", TimeSpan.Zero, TimeSpan.FromSeconds(3)).Or("0ms"),
            ],
        },
        new(Find, "Lists the keys that have a value, by the index, as of one instant.")
        {
            IsRead = true,
            Arguments =
            [
                ModeArgument.Text(StorageOperations.Value, "The value.", RangeDecider.MaxIndexed),
                ModeArgument.Number(StorageOperations.Limit, "Most keys.", 1, StorageOperations.ScanMax).Or("100"),
            ],
        },
        new(Unfinished, "Lists transactions that have records: under way, or left by coordinators that died.") { IsRead = true },
    ];

    /// <param name="id">Of this run of it.</param>
    public static TransactionRequest Read(ModeRequest asked, string id)
    {
        var plain = new TransactionRequest(id, null, [], IsSerializable: true, InRealTime: false, TimeSpan.Zero);
        var key = asked.Find(StorageOperations.Key) ?? "";
        switch (asked.Operation)
        {
            case StorageOperations.Put:
                return plain with { Steps = [new Step(StepKind.Put, key, asked.Text(StorageOperations.Value))] };
            case StorageOperations.Delete:
                return plain with { Steps = [new Step(StepKind.Read, key), new Step(StepKind.Delete, key)] };
            case StorageOperations.CompareAndSet:
                return plain with { Steps = [new Step(StepKind.Expect, key, asked.Find(StorageOperations.Expected)), new Step(StepKind.Put, key, asked.Text(StorageOperations.Value))] };
            case StorageOperations.Scan:
                return plain with { Steps = [new Step(StepKind.Scan, asked.Find(StorageOperations.Prefix) ?? "", null, asked.Find(StorageOperations.After), (int)asked.Number(StorageOperations.Limit))] };
            case Find:
                return plain with { Steps = [new Step(StepKind.Find, asked.Text(StorageOperations.Value), Limit: (int)asked.Number(StorageOperations.Limit))] };
            default:
                TransactionText.TryRead(asked.Text(Steps), out var steps, out _);
                return new TransactionRequest(id, asked.Find(Request) is { } request ? RequestName.Of(request, steps, asked.Text(Isolation)) : null, steps, asked.Text(Isolation) == Serializable, InRealTime: true, asked.Duration(Pace));
        }
    }

    public static ModeAnswer Answer(ModeRequest asked, TransactionRequest request, TransactionAnswer answer)
    {
        switch (answer.End)
        {
            case TransactionEnd.Refused:
                return ModeAnswer.Conflict(answer.Why!);
            case TransactionEnd.Retry:
                return ModeAnswer.Unavailable("retry: " + answer.Why);
            case TransactionEnd.Unknown:
                return ModeAnswer.Failed(new ClusterError(ErrorCode.OutcomeUnknown, answer.Why!));
        }

        var (key, at) = (asked.Find(StorageOperations.Key) ?? "", Timestamp.Text(answer.At));
        return asked.Operation switch
        {
            StorageOperations.Put or StorageOperations.CompareAndSet => ModeAnswer.Ok(new StoredWrite(key, at), StorageJson.Default.StoredWrite),
            StorageOperations.Delete => ModeAnswer.Ok(new StoredWrite(key, at) { Replaced = answer.Results[0].Value is not null }, StorageJson.Default.StoredWrite),
            StorageOperations.Scan or Find => ModeAnswer.Ok(
                new StoredKeys([.. answer.Results[0].Rows!.Value.Select(row => new StoredValue(row.Key, row.Value, Timestamp.Text(row.At)))], answer.Results[0].HasMore),
                StorageJson.Default.StoredKeys),
            _ => ModeAnswer.Ok(
                new TransactionView(request.Request is { } named ? RequestName.IdOf(named) : request.Id, at, answer.Attempts, answer.IsOnePhase ? "one" : request.Steps.Any(step => step.IsWrite) ? "two" : "none", [.. request.Steps.Zip(answer.Results, View)]),
                DatabaseJson.Default.TransactionView),
        };
    }

    private static StepView View(Step step, StepResult result) => new(TransactionText.NameOf(step.Kind), step.Key)
    {
        Value = result.Value,
        Rows = result.Rows is { } rows ? [.. rows.Select(row => new RowView(row.Key, row.Value, row.At == 0 ? null : Timestamp.Text(row.At)))] : null,
        HasMore = result.HasMore,
    };
}
