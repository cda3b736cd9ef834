using Cluster.Lab.Benchmarks.Requests;
using Cluster.Lab.Resp;

namespace Cluster.Lab.Benchmarks.Loops;

/// <summary>
/// One thread of the load generator: all its connections on one epoll, no allocation for a request. In a closed loop a connection sends as many requests as its depth, and the
/// next ones when all are answered, as redis-benchmark does; a latency counts from the send. In an open loop requests fall due by the schedule whatever the server does, a
/// connection that is full or down sends them when it can, and a latency counts from when the request was due.
/// </summary>
internal sealed partial class GeneratorLoop : IDisposable
{
    /// <summary>How finely throughput over time is kept.</summary>
    public static readonly TimeSpan TimelineStep = TimeSpan.FromMilliseconds(100);

    /// <summary>How soon a loop notices that it is cancelled, or that a connection's back-off is over.</summary>
    private static readonly TimeSpan MaxWait = TimeSpan.FromMilliseconds(10);

    /// <summary>How long the loop waits for answers after its time. What is unanswered then is counted as such.</summary>
    private static readonly TimeSpan Drain = TimeSpan.FromSeconds(2);

    private static readonly long TimelineStepNs = Nanoseconds(TimelineStep);

    private readonly LoopPlan plan;
    private readonly TimeProvider time;
    private readonly Epoll epoll = new();
    private readonly RandomNumbers random;
    private readonly GeneratorConnection[] connections;
    private long start;
    private long measureFrom;
    private long end = long.MaxValue;
    private long dueNumber;
    private long quota;
    private bool running;

    public GeneratorLoop(LoopPlan plan, TimeProvider time)
    {
        this.plan = plan;
        this.time = time;
        random = new RandomNumbers(plan.Seed);
        quota = plan.Quota;
        var bytes = plan.Encoder.MaxRequestBytes;
        connections = [.. plan.Endpoints.Select((endpoint, index) => new GeneratorConnection(index, endpoint, plan.Depth, bytes))];
        Timeline = new long[Math.Max(1, (int)Math.Ceiling(plan.Measured / TimelineStep))];
    }

    public Tally Tally { get; } = new();

    /// <summary>All requests sent, those of the warm-up, too.</summary>
    public long Sent => connections.Sum(connection => connection.Sent);

    /// <summary>Answers in each step of the measured time, by when they came.</summary>
    public long[] Timeline { get; }

    /// <summary>Sends until the time is over or the quota is used, then waits for the answers.</summary>
    public void Run(CancellationToken cancellation)
    {
        running = true;
        start = Now();
        measureFrom = start + Nanoseconds(plan.WarmUp);
        end = measureFrom + Nanoseconds(plan.Measured);
        foreach (var connection in connections)
        {
            SendNext(connection, start);
        }

        for (var now = start; now < end && !IsQuotaDone(); now = Now())
        {
            cancellation.ThrowIfCancellationRequested();
            var wait = MaxWait;
            if (plan.Schedule is not null)
            {
                SendDue(now);
                wait = TimeSpan.FromTicks(Math.Clamp((start + plan.Schedule.DueNs(dueNumber) - now) / TimeSpan.NanosecondsPerTick, 0, MaxWait.Ticks));
            }

            Serve(wait, now);
        }

        if (plan.Schedule is not null)
        {
            // A thread that the machine held up until after the end has not looked at what fell due meanwhile. It is late, and not left out.
            SendDue(end - 1);
        }

        Finish(cancellation);
    }

    public void Dispose()
    {
        foreach (var connection in connections)
        {
            connection.Dispose();
        }

        epoll.Dispose();
    }

    private static long Nanoseconds(TimeSpan span) => span.Ticks * TimeSpan.NanosecondsPerTick;

    private long Now()
    {
        var stamp = time.GetTimestamp();
        return time.TimestampFrequency == 1_000_000_000 ? stamp : (long)(stamp * (1e9 / time.TimestampFrequency));
    }

    private bool IsMeasured(long since) => since >= measureFrom && since < end;

    private bool IsQuotaDone() => quota == 0 && connections.All(connection => connection.InFlight == 0);

    /// <summary>Hands every request that has fallen due to its connection.</summary>
    private void SendDue(long now)
    {
        while (start + plan.Schedule!.DueNs(dueNumber) <= now)
        {
            var connection = connections[dueNumber % connections.Length];
            connection.Due++;
            dueNumber++;
            if (connection.HasRoom)
            {
                SendNext(connection, now);
            }
        }
    }

    private void Serve(TimeSpan wait, long now)
    {
        if (down > 0)
        {
            Reconnect(now);
        }

        var ready = epoll.Wait(wait);
        for (var i = 0; i < ready; i++)
        {
            var connection = connections[epoll.Tag(i)];
            if (connection.Socket is not null)
            {
                Advance(connection);
            }
        }
    }

    private void Advance(GeneratorConnection connection)
    {
        if (connection is { State: ConnectionState.Connecting, WatchesWriting: true } && !HasConnected(connection))
        {
            return;
        }

        try
        {
            var error = connection.Receive();
            if (error != System.Net.Sockets.SocketError.Success)
            {
                Lose(connection, error);
                return;
            }

            TakeReplies(connection, Now());
        }
        catch (RespProtocolException e)
        {
            connectFailure = $"it does not speak the Redis protocol ({e.Message})";
            Tally.CountError(Tally.NoProtocol);
            Lose(connection, null);
        }
    }

    private void TakeReplies(GeneratorConnection connection, long now)
    {
        var at = 0;
        while (connection.TryReadReply(ref at, out var reply, out var error))
        {
            if (connection.State == ConnectionState.Connecting)
            {
                if (!TakeGreeting(connection, reply, error))
                {
                    return;
                }

                continue;
            }

            if (connection.InFlight == 0)
            {
                throw new RespProtocolException("a reply that nobody asked for");
            }

            var (kind, since) = connection.Ended();
            if (!IsMeasured(since))
            {
                continue;
            }

            if (reply == ReplyKind.Error)
            {
                Tally.CountError(error);
                continue;
            }

            Tally.Misses += reply == ReplyKind.Null ? 1 : 0;
            Tally.Record(kind, now - since);
            if (now < end)
            {
                Timeline[Math.Min(Timeline.Length - 1, (now - measureFrom) / TimelineStepNs)]++;
            }
        }

        connection.Keep(at);
        if (connection.HasRoom && (connection.InFlight == 0 || plan.Schedule is not null))
        {
            SendNext(connection, now);
        }

        Flush(connection);
    }

    /// <summary>In a closed loop as many requests as may be under way; in an open one those that are due and not sent.</summary>
    private void SendNext(GeneratorConnection connection, long now)
    {
        if (now >= end || !running)
        {
            return;
        }

        while (connection.HasRoom && quota > 0 && (plan.Schedule is null || connection.Sent < connection.Due))
        {
            var since = plan.Schedule is null ? now : start + plan.Schedule.DueNs(connection.Index, connection.Sent);
            var kind = plan.Encoder.Choose(random);
            connection.Wrote(plan.Encoder.Encode(kind, plan.Keys, random, connection.Free()));
            connection.Began(kind, since);
            connection.Sent++;
            quota--;
        }

        Flush(connection);
    }

    private void Flush(GeneratorConnection connection)
    {
        if (connection.State == ConnectionState.Down)
        {
            return;
        }

        var error = connection.Flush();
        if (error != System.Net.Sockets.SocketError.Success)
        {
            Lose(connection, error);
        }
        else if (connection.HasOutput != connection.WatchesWriting)
        {
            connection.WatchesWriting = connection.HasOutput;
            epoll.Rewatch(connection.Socket!, connection.Index, connection.HasOutput);
        }
    }

    /// <summary>Waits for the last answers, and counts what has none: also what fell due and was never sent, which is the longest wait of all.</summary>
    private void Finish(CancellationToken cancellation)
    {
        var deadline = Math.Min(end, Now()) + Nanoseconds(Drain);
        end = Math.Min(end, Now());
        for (var now = Now(); now < deadline && connections.Any(connection => connection.InFlight > 0); now = Now())
        {
            cancellation.ThrowIfCancellationRequested();
            Serve(MaxWait, now);
        }

        var ended = Now();
        foreach (var connection in connections)
        {
            while (connection.InFlight > 0)
            {
                var (kind, since) = connection.Ended();
                CountUnanswered(kind, since, ended);
            }

            for (; plan.Schedule is not null && connection.Sent < connection.Due; connection.Sent++)
            {
                CountUnanswered(plan.Encoder.Choose(random), start + plan.Schedule.DueNs(connection.Index, connection.Sent), ended);
            }
        }
    }

    private void CountUnanswered(RequestKind kind, long since, long now)
    {
        if (IsMeasured(since))
        {
            Tally.Record(kind, now - since);
            Tally.Unanswered++;
        }
    }
}
