using System.Globalization;
using Cluster.Modes.Postgres;

namespace Cluster.Modes.SharedEverything;

/// <summary>
/// The pool of one node's transactions: so many at once, a bounded queue before it, and what becomes of both while the database does not answer. Pure. A request whose outcome is open is never refused here: it waits until
/// the database can be asked about it, before all others.
/// </summary>
internal sealed class PoolCore(PostgresOptions options)
{
    private readonly HashSet<long> running = [];
    private readonly Queue<long> waiting = [];
    private readonly Queue<long> open = [];
    private readonly HashSet<long> gone = [];
    private int failures;
    private string why = "";

    public PoolState State { get; private set; }

    public int InUse => running.Count;

    /// <summary>Requests that wait for a connection, without those that wait for the database to come back.</summary>
    public int Waiting => waiting.Count(id => !gone.Contains(id));

    /// <summary>A new request.</summary>
    public IReadOnlyList<PoolMove> Ask(long id)
    {
        switch (State)
        {
            case PoolState.Down:
                return [new PoolMove.Refuse(id, IsOverload: false, why)];
            case PoolState.Up when running.Count < options.PoolSize:
                running.Add(id);
                return [new PoolMove.Start(id)];
            case var _ when waiting.Count >= options.QueueMax:
                return [new PoolMove.Refuse(id, IsOverload: true, string.Create(CultureInfo.InvariantCulture, $"{options.QueueMax} requests wait for one of its {options.PoolSize} connections: send it again later"))];
            case PoolState.Idle:
                State = PoolState.Connecting;
                waiting.Enqueue(id);
                return [new PoolMove.Connect(TimeSpan.Zero)];
            default:
                waiting.Enqueue(id);
                return [];
        }
    }

    /// <summary>An attempt is over, or given up: its connection is free.</summary>
    public IReadOnlyList<PoolMove> Ended(long id)
    {
        running.Remove(id);
        return Fill();
    }

    /// <summary>An attempt is over whose outcome is open: it is made again as soon as it can be.</summary>
    public IReadOnlyList<PoolMove> Again(long id)
    {
        running.Remove(id);
        open.Enqueue(id);
        return Fill();
    }

    /// <summary>Nobody waits for that request any more.</summary>
    public void Gone(long id)
    {
        if (waiting.Contains(id) || open.Contains(id))
        {
            gone.Add(id);
        }
    }

    /// <summary>A connection broke, or an attempt was not answered: one session may have ended, or the database. A new connection tells.</summary>
    public IReadOnlyList<PoolMove> Lost()
    {
        if (State != PoolState.Up)
        {
            return []; // It is being tried already.
        }

        State = PoolState.Connecting;
        return [new PoolMove.Connect(TimeSpan.Zero)];
    }

    public IReadOnlyList<PoolMove> ConnectFailed(string because)
    {
        why = because;
        State = PoolState.Down;
        failures++;
        return [.. RefuseWaiting(), new PoolMove.Connect(Backoff())];
    }

    public IReadOnlyList<PoolMove> Connected()
    {
        State = PoolState.Up;
        failures = 0;
        return Fill();
    }

    private TimeSpan Backoff()
    {
        const int MostDoublings = 20; // Far beyond any bound, and still no overflow.
        var after = options.BackoffMin * Math.Pow(2, Math.Min(failures - 1, MostDoublings));
        return after < options.BackoffMax ? after : options.BackoffMax;
    }

    private List<PoolMove> Fill()
    {
        var moves = new List<PoolMove>();
        while (State == PoolState.Up && running.Count < options.PoolSize && (open.TryDequeue(out var id) || waiting.TryDequeue(out id)))
        {
            if (!gone.Remove(id))
            {
                running.Add(id);
                moves.Add(new PoolMove.Start(id));
            }
        }

        return moves;
    }

    private List<PoolMove> RefuseWaiting()
    {
        var refused = waiting.Where(id => !gone.Remove(id)).Select(PoolMove (id) => new PoolMove.Refuse(id, IsOverload: false, why)).ToList();
        waiting.Clear();
        return refused;
    }
}
