using Cluster.Lab.Checkers.Aggregates;
using Cluster.Lab.Checkers.Breakers;
using Cluster.Lab.Checkers.Events;
using Cluster.Lab.Checkers.Federation;
using Cluster.Lab.Checkers.Leaders;
using Cluster.Lab.Checkers.Locks;
using Cluster.Lab.Checkers.Logs;
using Cluster.Lab.Checkers.Orders;
using Cluster.Lab.Checkers.PubSub;
using Cluster.Lab.Checkers.Replicated;
using Cluster.Lab.Checkers.Sessions;
using Cluster.Lab.Checkers.Totals;
using Cluster.Lab.Checkers.Transactions;

namespace Cluster.Lab.Checkers;

/// <summary>Every checker by the name that <c>lab check --model</c> and a scenario call it.</summary>
public static class CheckerCatalog
{
    /// <summary>Bound of staleness where nobody says another: five heartbeats.</summary>
    private static readonly TimeSpan DefaultStaleness = TimeSpan.FromSeconds(5);

    /// <summary>The one that compares whatever nodes say in the end, and so gives any operation a meaning.</summary>
    public const string Convergence = "convergence";

    private const string DatabaseOutage = "database-outage";

    /// <summary>Those that give operations a meaning. The others look at answers only, whatever was asked: they understand everything, and so know nothing.</summary>
    public static IEnumerable<CheckerEntry> OfOperations => All.Where(entry => entry.Name is not (Convergence or DatabaseOutage));

    public static IReadOnlyList<CheckerEntry> All { get; } =
    [
        Linearizable(KeyValueModel.Kv, "read write cas delete incr on each key, as one copy"),
        Linearizable(KeyValueModel.Register, "read write cas on each key, as one copy"),
        Linearizable(KeyValueModel.Counter, "read incr on each key, as one copy"),
        Linearizable(CollectionModel.Set, "add remove read on each key, as one copy"),
        Linearizable(CollectionModel.Queue, "enqueue dequeue on each key, as one copy"),
        Linearizable(CollectionModel.List, "append read on each key, as one copy"),
        new("sequential", "read write cas delete incr on all keys, as one copy in an order that each process keeps", (limits, time) => new SequentialConsistencyChecker(KeyValueModel.Kv, limits, time)),
        new("acknowledged", "the last read of each key has every acknowledged write", (_, _) => new AcknowledgedWritesChecker()),
        new("set-totals", "the last read of each set has every acknowledged value, and no other", (_, _) => new SetTotalsChecker()),
        new("counter-totals", "every read of a counter is within what can have been counted by then", (_, _) => new CounterTotalsChecker()),
        new("pn-counter", "every node's last read of a counter is what was counted", (_, _) => new PnCounterChecker()),
        new("or-set", "a member is in a set in the end if an addition of it was seen by no removal", (_, _) => new OrSetChecker()),
        new("last-writer", "of two writes the one that followed the other stays; those lost against a concurrent one are counted", (_, _) => new LastWriterChecker()),
        new("session", "read your writes, monotonic reads, monotonic writes, writes follow reads", (_, _) => new SessionGuaranteesChecker(Enum.GetValues<SessionGuarantee>())),
        new("staleness", "no read is more than 5 s behind", (_, _) => new StalenessChecker(DefaultStaleness)),
        new("staleness-500ms", "no read is more than 500 ms behind", (_, _) => new StalenessChecker(TimeSpan.FromMilliseconds(500))),
        new("cut-off", "measures: what a node that is cut off answers to readers, for how long, and how stale", (_, _) => new CutOffChecker(leastPercent: 0)),
        new("cut-off-answers", "a node that is cut off answers at least half of the reads it is asked", (_, _) => new CutOffChecker(leastPercent: 50)),
        new(DatabaseOutage, "while the database of all nodes is away, no operation is answered", (_, _) => new DatabaseOutageChecker()),
        new(Convergence, "all nodes say the same once nobody writes", (_, _) => new ConvergenceChecker()),
        new("log", "send poll: nothing lost, reordered, doubled or invented", (_, _) => new LogChecker()),
        new("log-pipeline", "send poll join process table: each record made into one, once and in order, and the tables are what the log says", (_, _) => new PipelineChecker()),
        new("events", "publish effects handled dead redrive: each event has its effect once or is a dead letter, in the order of its key", (_, _) => new EventsChecker()),
        new("aggregates", "command look history view rebuilt: each command is one event at its version, and views are what the events make", (_, _) => new AggregatesChecker()),
        new("lock", "acquire renew access release withdraw: fencing tokens and accesses rise, each token has one session, and whoever came first is first", (_, _) => new LockChecker()),
        new("leader", "take who book: one leader an epoch, epochs rise, each ticket once", (_, _) => new LeaderChecker()),
        new("breaker", "invoke health proxies received: callers outlive what they call, and do not keep it down", (_, _) => new BreakerChecker()),
        new("federation", "put get cas delete peek read failover home regions: one order at each home, nothing replicated is lost, later homes prevail, all copies agree", (_, _) => new FederationChecker()),
        new("bank", "transfer read: no money made or lost", (_, _) => new BankChecker()),
        new("pub-sub", "subscribe publish hear unsubscribe: at most once, in each publishing node's order, only to who subscribes; everything while nothing is broken", (_, _) => new PubSubChecker()),
        new("orders", "place ledger: all of each order or nothing, once, as its client was told", (_, _) => new OrdersChecker()),
        new("orders-isolated", "look: nobody sees an order half-way", (_, _) => new OrderIsolationChecker()),
        new("read-committed", "txn of appends and reads: no G0, G1", (_, _) => new ListAppendChecker(IsolationLevel.ReadCommitted)),
        new("snapshot-isolation", "txn of appends and reads: no G0, G1, G-single", (_, _) => new ListAppendChecker(IsolationLevel.SnapshotIsolation)),
        new("serializable", "txn of appends and reads: no cycle", (_, _) => new ListAppendChecker(IsolationLevel.Serializable)),
        new("strict-serializable", "txn of appends and reads: no cycle, in real time too", (_, _) => new ListAppendChecker(IsolationLevel.StrictSerializable)),
    ];

    /// <summary>The entry of that name; null if there is none.</summary>
    public static CheckerEntry? Find(string name) => All.FirstOrDefault(entry => entry.Name == name);

    private static CheckerEntry Linearizable(IModel model, string claim) => new(model.Name, claim, (limits, time) => new LinearizabilityChecker(model, limits, time));
}
