using Cluster.Engine.Port;
using Cluster.Modes.Hosting;
using Cluster.Modes.Postgres;
using Cluster.Modes.Storage;
using Cluster.Shared.Results;

namespace Cluster.Modes.SharedEverything;

/// <summary>
/// The door on each node, and all that a node has: a pool of connections to the one PostgreSQL. It waits for nothing; each attempt is a task whose end comes back as a message. A commit whose answer is lost is asked about again by
/// its request's id, until it is known or the client's time is up.
/// </summary>
internal sealed partial class SharedEverythingActor : Actor
{
    private static readonly TimeSpan PruneInterval = TimeSpan.FromSeconds(10);

    private readonly IModeNode node;
    private readonly PostgresOptions options;
    private readonly PostgresAddress? address;
    private readonly OpenRequests open;
    private readonly SortedDictionary<long, RowJob> jobs = [];
    private readonly PoolCore pool;
    private readonly RowStore store;
    private readonly PostgresSource? source;
    private readonly SharedEverythingMetrics metrics;
    private readonly bool retriesTwice;

    /// <summary>One life of one node: its requests are numbered anew in the next.</summary>
    private readonly string session;

    private long lastNumber;

    public SharedEverythingActor(IModeNode node)
    {
        this.node = node;
        (options, address) = (node.Settings.PostgresUse, node.Settings.Postgres);
        open = new OpenRequests(node, Timers, () => Self);
        pool = new PoolCore(options);
        store = new RowStore(node.Name.ToString(), locksRows: !node.HasFlaw(SharedEverythingMode.ReadThenWrite));
        source = address is null ? null : new PostgresSource(address, options, node.Name.ToString(), isSynced: !node.HasFlaw(SharedEverythingMode.Unsynced));
        metrics = new SharedEverythingMetrics(node.Meter);
        retriesTwice = node.HasFlaw(SharedEverythingMode.RetryTwice);
        session = $"{node.Name}-{Context.System.Random.NextInt64():x}";
    }

    protected override void PostStop() => source?.Dispose();

    protected override void Receive(object message)
    {
        switch (message)
        {
            case ModeRequest request:
                Take(request);
                break;
            case AttemptEnded ended:
                End(ended);
                break;
            case AttemptOverdue overdue:
                GiveUp(overdue);
                break;
            case RequestExpired expired:
                Expire(expired);
                break;
            case ConnectDue:
                Connect();
                break;
            case ConnectEnded ended:
                EndConnect(ended);
                break;
            case ConnectOverdue overdue:
                GiveUpConnect(overdue);
                break;
            case PruneDue:
                Prune();
                break;
            case PruneEnded ended:
                EndPrune(ended);
                break;
            default:
                Unhandled(message);
                break;
        }

        metrics.Pool(pool);
    }

    private void Take(ModeRequest request)
    {
        if (source is null)
        {
            Sender.Tell(ModeAnswer.Unavailable($"{node.Name} knows no PostgreSQL: start nodes with 'lab up --postgres start', or with --postgres URL (CLUSTER_POSTGRES)"), Self);
            return;
        }

        if (NoText(request) is { } wrong)
        {
            Sender.Tell(ModeAnswer.Failed(new ClusterError(ErrorCode.BadRequest, wrong)), Self);
            return;
        }

        if (open.TryOpen(Sender, request, out var id))
        {
            jobs.Add(id, new RowJob(request, OrderOf(request)));
            Move(pool.Ask(id));
        }
    }

    /// <summary>PostgreSQL's text has no NUL.</summary>
    private static string? NoText(ModeRequest request) =>
        new[] { StorageOperations.Key, StorageOperations.Value, StorageOperations.Expected, StorageOperations.Prefix, StorageOperations.After, SharedEverythingMode.Request }
            .FirstOrDefault(name => request.Find(name)?.Contains('\0', StringComparison.Ordinal) == true) is { } name
            ? $"{name} has a NUL character, which a text of PostgreSQL cannot hold"
            : null;

    private RowOrder? OrderOf(ModeRequest request)
    {
        RowOperation? operation = request.Operation switch
        {
            StorageOperations.Put => RowOperation.Put,
            StorageOperations.Delete => RowOperation.Delete,
            StorageOperations.CompareAndSet => RowOperation.CompareAndSet,
            _ => null,
        };
        if (operation is not { } change)
        {
            return null;
        }

        // A client that names its request may send it again to another node, so such a name belongs to no node.
        var (named, number) = request.Find(SharedEverythingMode.Request) is { } name ? ("client:" + name, 0) : (session, ++lastNumber);
        return new RowOrder(named, number, request.Text(StorageOperations.Key), change, request.Find(StorageOperations.Expected), request.Find(StorageOperations.Value));
    }

    private void Move(IReadOnlyList<PoolMove> moves)
    {
        foreach (var move in moves)
        {
            switch (move)
            {
                case PoolMove.Start start:
                    Begin(start.Id);
                    break;
                case PoolMove.Refuse refuse:
                    Close(refuse.Id, refuse.IsOverload ? ModeAnswer.Failed(new ClusterError(ErrorCode.Overloaded, $"{node.Name}, {address}: {refuse.Why}")) : ModeAnswer.Unavailable(Silent(refuse.Why)));
                    break;
                case PoolMove.Connect connect:
                    Timers.StartSingle(nameof(ConnectDue), new ConnectDue(), connect.After * (0.75 + (0.5 * Context.System.Random.NextDouble()))); // Not all nodes at one instant.
                    break;
            }
        }
    }

    private void End(AttemptEnded ended)
    {
        if (!jobs.TryGetValue(ended.Id, out var job) || job.Attempt != ended.Attempt)
        {
            EndAbandoned(ended.Attempt);
            return;
        }

        Timers.Cancel((nameof(AttemptOverdue), ended.Id));
        job.Attempt = null;
        if (ended.Answer is { } answer)
        {
            Close(ended.Id, answer);
            Move(pool.Ended(ended.Id));
            return;
        }

        Fail(ended.Id, job, ended.Failure!, ended.Attempt.MayHaveCommitted && ended.Failure!.Kind == PostgresFailureKind.Lost);
    }

    /// <summary>What a failed attempt means for its request, and what it says of the database.</summary>
    /// <param name="isOpen">Whether it may have been committed all the same.</param>
    private void Fail(long id, RowJob job, PostgresFailure failure, bool isOpen)
    {
        job.LastFailure = failure.Why;
        job.MayHaveCommitted |= isOpen;
        if (failure.Kind == PostgresFailureKind.Lost && job.Source == source!.Current && pool.State == PoolState.Up)
        {
            source.Renew();
            Move(pool.Lost());
        }

        if (job.MayHaveCommitted && failure.Kind != PostgresFailureKind.Refused)
        {
            if (retriesTwice)
            {
                job.Order = job.Order! with { Number = ++lastNumber };
            }

            Move(pool.Again(id));
            return;
        }

        Close(id, failure.Kind switch
        {
            PostgresFailureKind.Lost => ModeAnswer.Unavailable(Silent(failure.Why)),
            PostgresFailureKind.Busy => ModeAnswer.Unavailable($"{address}: {failure.Why}: nothing has changed, send it again"),
            _ when job.MayHaveCommitted => ModeAnswer.Failed(new ClusterError(ErrorCode.OutcomeUnknown, $"{address}: {failure.Why}")),
            _ => ModeAnswer.Failed(new ClusterError(ErrorCode.BadRequest, $"{address}: {failure.Why}")),
        });
        Move(pool.Ended(id));
    }

    private void Expire(RequestExpired expired)
    {
        if (!jobs.TryGetValue(expired.Id, out var job))
        {
            return;
        }

        var isSafe = job.Order is null || (!job.MayHaveCommitted && job.Attempt?.TryAbandon() != false);
        var wasRunning = job.Attempt is not null;
        if (job.Attempt is { } attempt)
        {
            Abandon(attempt);
        }

        Forget(expired.Id);
        open.Expire(expired, isSafe, $"{address} has not answered {node.Name}{(job.LastFailure is { } why ? $" ({why})" : "")}");
        pool.Gone(expired.Id);
        if (wasRunning)
        {
            Move(pool.Ended(expired.Id));
        }
    }

    private string Silent(string why) => $"{address} does not answer {node.Name}: {why}; nothing has changed. Start it again ('lab restart database' where the lab started it): nodes come back to it by themselves";

    private void Close(long id, ModeAnswer answer)
    {
        Forget(id);
        open.Close(id, answer);
    }

    private void Forget(long id)
    {
        jobs.Remove(id);
        Timers.Cancel((nameof(AttemptOverdue), id));
    }
}
