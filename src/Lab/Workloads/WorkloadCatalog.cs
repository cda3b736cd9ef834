using Cluster.Lab.Workloads.Generators;
using Cluster.Lab.Workloads.Recipes;

namespace Cluster.Lab.Workloads;

/// <summary>Every workload by the name that <c>lab load --workload</c> and a scenario call it.</summary>
public static class WorkloadCatalog
{
    /// <summary>Registers where nobody says another number: two a client, so that clients meet and still go on side by side.</summary>
    public const int DefaultRegisters = 24;

    /// <summary>Keys that each hold something larger, or are fought for.</summary>
    private const int DefaultShared = 4;

    /// <summary>Accounts of a bank, and lists at work at once.</summary>
    private const int DefaultWithinShard = 8;

    /// <summary>A lease of a lock of the mode, in leases of the recipe's: it renews, enters again and waits its turn within one.</summary>
    private const int FencedLockLeases = 4;

    private static readonly string[] Any = ["acknowledged"];

    public static WorkloadEntry Kv { get; } = KeyValue(
        "kv", "read, write, compare-and-set on registers; read and count on counters", ["acknowledged", "kv"], Any, options => (Registers(options), options.CounterKeys, options.DeletePercent));

    public static IReadOnlyList<WorkloadEntry> All { get; } =
    [
        KeyValue("register", "read, write, compare-and-set", ["acknowledged", "register"], Any, options => (Registers(options), 0, 0)),
        new("versions", "each client writes rising numbers to registers of its own, all read all", ["acknowledged", "register", "session"], [])
        {
            Generator = static (options, client) => new VersionsGenerator(options, client),
            Recipe = options => new KeyValueRecipe(options.Consistency),
            Closing = static key => new ClosingStep(new Request("read", key)),
        },
        new("inserts", "write keys once, each client its own, read all", ["acknowledged", "register"], Any)
        {
            Generator = static (options, client) => new InsertsGenerator(options, client),
            Recipe = options => new KeyValueRecipe(options.Consistency),
            Closing = static key => new ClosingStep(new Request("read", key)),
        },
        KeyValue("counter", "read, count up", ["acknowledged", "counter", "counter-totals"], Any, options => (0, options.Keys ?? DefaultShared, 0)),
        Kv,
        Growing("set", "add unique values, read them all", ["set", "set-totals"], ["set-totals"], new("set", "add", "read"), options => new SetRecipe(options.Consistency)),
        Growing("list", "append unique values, read them in order", ["list"], [], new("list", "append", "read"), options => new ListRecipe(options.Consistency)),
        Growing("queue", "enqueue, dequeue; drained in the end", ["queue"], ["queue"], new("queue", "enqueue", "dequeue", Balanced: true), _ => new QueueRecipe()) with
        {
            Closing = key => new ClosingStep(new Request("dequeue", key), output => output is null ? null : new Request("dequeue", key)),
        },
        new("log", "send records, poll them by offset; polled to the end", ["log"], ["log"])
        {
            Generator = (options, client) => new LogGenerator(options, client, options.Keys ?? DefaultShared),
            Recipe = options => new LogRecipe(options.Consistency),
            Closing = key => new ClosingStep(LogGenerator.Poll(key, 0), output => LogGenerator.After(key, output)),
        },
        new("partitioned-log", "send records as an idempotent producer, poll partitions of the mode log-based at leaders and replicas; polled to the end", ["log"], [])
        {
            Generator = (options, client) => new PartitionedLogGenerator(options, client, options.Keys ?? DefaultShared),
            Recipe = static _ => new PartitionedLogRecipe(),
            Closing = key => new ClosingStep(LogGenerator.Poll(key, 0), output => LogGenerator.After(key, output)),
            Mode = LogTopic.Mode,
        },
        new("log-pipeline", "consume records of the mode log-based as a group, and make each into one of another topic; tables of it; both polled to the end", ["log-pipeline"], [])
        {
            Generator = (options, client) => new PipelineGenerator(options, client, options.Keys ?? 1),
            Recipe = static _ => new PipelineRecipe(),
            Closing = PipelineGenerator.Closing,
            Mode = LogTopic.Mode,
        },
        new("events", "publish events of the mode event-driven, some of which fail a few times or always; look at effects, send dead letters again; all effects in the end", ["events"], [])
        {
            Generator = (options, client) => new EventGenerator(options, client, options.Keys ?? DefaultWithinShard),
            Recipe = static _ => new EventRecipe(),
            Closing = EventGenerator.Closing,
            Mode = "event-driven",
        },
        new("event-sourced-orders", "command the same orders of the mode cqrs at once, look by token, hold and rebuild projections; every order and projection in the end", ["aggregates"], [])
        {
            Generator = (options, client) => new AggregateGenerator(options, client),
            Recipe = static _ => new AggregateRecipe(),
            Closing = AggregateGenerator.Closing,
            Mode = "cqrs",
        },
        new("lock", "acquire a lease, use what it guards with the token, release or fall asleep", ["lock"], ["lock"])
        {
            Generator = (options, client) => new LockGenerator(options, client, options.Keys ?? DefaultShared),
            Recipe = options => new LockRecipe(options.LockLease),
            Closing = static _ => null,
        },
        new("fenced-lock", "acquire a lock of the mode by name, wait in its queue, use what it guards with the token, renew, release or fall asleep", ["lock"], ["lock"])
        {
            Generator = (options, client) => new FencedLockGenerator(options, client, options.Keys ?? DefaultShared),
            Recipe = options => new FencedLockRecipe(options.LockLease * FencedLockLeases),
            Closing = static _ => null,
            Mode = "lock",
        },
        new("bank", "transfer between accounts of one shard, read all of them", ["bank"], ["bank"])
        {
            Generator = (options, client) => new BankGenerator(options, client, Accounts(options)),
            Recipe = options => new BankRecipe(BankGenerator.Accounts(Accounts(options)), options.Consistency),
            Closing = static key => new ClosingStep(new Request("read", key)),
        },
        new("list-append", "transactions of appends and reads within one shard", ["strict-serializable"], ["strict-serializable"])
        {
            Generator = (options, client) => new ListAppendGenerator(options, client, options.Keys ?? DefaultWithinShard),
            Recipe = static _ => new ListAppendRecipe(),
            Closing = static key => new ClosingStep(ListAppendGenerator.ReadAll(key)),
        },
        new("tickets", "take tickets from a leader, ask who leads; the book of tickets in the end", ["leader"], ["leader"])
        {
            Mode = TicketRecipe.Mode,
            Generator = (options, client) => new TicketGenerator(options, client),
            Recipe = static _ => new TicketRecipe(),
            Closing = static key => new ClosingStep(new Request("book", key)),
        },
        new("breaker", "call three dependencies through proxies, one of them partly failing, slow, dead and flapping by turns; what each received in the end", ["breaker"], [])
        {
            Mode = BreakerRecipe.Mode,
            JudgesTime = true,
            Generator = (options, client) => new BreakerGenerator(options, client, options.Keys ?? DefaultWithinShard),
            Recipe = static _ => new BreakerRecipe(),
            Closing = BreakerGenerator.Closing,
        },
        new("pub-sub", "subscribe to topics, patterns and groups, publish, ask what was heard, unsubscribe", ["pub-sub"], ["pub-sub"])
        {
            Mode = PubSubRecipe.Mode,
            Generator = (options, client) => new PubSubGenerator(options, client, options.Keys ?? DefaultShared),
            Recipe = static _ => new PubSubRecipe(),
            Closing = static _ => null,
        },
        new("or-set", "add members to sets of the mode multi-master and take them out, on whatever node", ["or-set", "convergence"], ["or-set", "convergence"])
        {
            Mode = OrSetRecipe.Mode,
            Generator = (options, client) => new OrSetGenerator(options, client, options.Keys ?? DefaultShared),
            Recipe = static _ => new OrSetRecipe(),
            Closing = static key => new ClosingStep(new Request("read", key)),
        },
        Growing("cart", "add unique values to carts kept in siblings of the mode multi-master, read their unions", ["set-totals", "convergence"], ["set-totals", "convergence"], new("cart", "add", "read"), static _ => new CartRecipe()) with { Mode = OrSetRecipe.Mode },
        new("federated", "write and read keys at their home clusters, look at local copies, move homes as an operator does; every copy in the end", ["federation"], [])
        {
            Mode = FederatedRecipe.Mode,
            NeedsClusters = true,
            Generator = (options, client) => new FederatedGenerator(options, client, options.Keys ?? DefaultShared),
            Recipe = static _ => new FederatedRecipe(),
            Closing = static key => new ClosingStep(new Request("read", key)),
        },
        Orders("saga", "style", ["orders"], "orchestrated", "choreographed"),
        Orders("two-phase-commit", "coordinator", ["orders", "orders-isolated"], "replicated", "local"),
    ];

    /// <summary>The entry of that name; null if there is none.</summary>
    public static WorkloadEntry? Find(string name) => All.FirstOrDefault(entry => entry.Name == name);

    private static WorkloadEntry KeyValue(
        string name, string claim, IReadOnlyList<string> checkers, IReadOnlyList<string> stale, Func<WorkloadOptions, (int Registers, int Counters, int DeletePercent)> keys) => new(name, claim, checkers, stale)
    {
        Generator = (options, client) => new KeyValueGenerator(options, client, keys(options).Registers, keys(options).Counters, keys(options).DeletePercent),
        Recipe = options => new KeyValueRecipe(options.Consistency),
        Closing = static key => new ClosingStep(new Request("read", key)),
    };

    private static WorkloadEntry Growing(
        string name, string claim, IReadOnlyList<string> checkers, IReadOnlyList<string> stale, GrowingGenerator.Words words, Func<WorkloadOptions, IRecipe> recipe) => new(name, claim, checkers, stale)
    {
        Generator = (options, client) => new GrowingGenerator(options, client, words, options.Keys ?? DefaultShared),
        Recipe = recipe,
        Closing = static key => new ClosingStep(new Request("read", key)),
    };

    private static WorkloadEntry Orders(string mode, string variant, IReadOnlyList<string> checkers, params IReadOnlyList<string> variants) =>
        new($"{mode}-orders", $"place orders over three participants of the mode {mode}, look at them half-way", checkers, [])
        {
            Generator = (options, client) => new OrderGenerator(options, client, options.Keys ?? DefaultWithinShard, variants),
            Recipe = _ => new OrderRecipe(mode, variant),
            Closing = OrderGenerator.Closing,
            Mode = mode,
        };

    private static int Registers(WorkloadOptions options) => options.Keys ?? DefaultRegisters;

    private static int Accounts(WorkloadOptions options) => Math.Max(2, options.Keys ?? DefaultWithinShard);
}
