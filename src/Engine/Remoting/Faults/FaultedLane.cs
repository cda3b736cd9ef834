using Cluster.Engine.Remoting.Recording;
using Cluster.Shared.Http;
using Cluster.Shared.Ids;
using Google.Protobuf;

namespace Cluster.Engine.Remoting.Faults;

/// <summary>
/// The frames that link faults hold back on one lane of one link. Delay and throttle keep the order of sends; only jitter and reorder change it.
/// All of it runs under the lock of its <see cref="LinkFaults"/>.
/// </summary>
internal sealed class FaultedLane : IDisposable
{
    // A frame held behind later ones must not wait for ever on a link that falls silent.
    private static readonly TimeSpan HeldBehindMax = TimeSpan.FromMilliseconds(50);

    private const int OvertakersMax = 3;

    private readonly LinkFaults faults;
    private readonly IFaultedLane target;
    private readonly TimeProvider clock;
    private readonly Random random;
    private readonly Lock gate;
    private readonly long heldBytesMax;
    private readonly PriorityQueue<Held, (long Due, long Sequence)> late = new();
    private readonly List<Held> behind = [];
    private readonly ITimer timer;
    private long heldBytes;
    private long sequence;
    private long lastDue;
    private long lineFreeAt;
    private long timerDue = long.MaxValue;
    private bool over;

    public FaultedLane(LinkFaults faults, NodeName peer, IFaultedLane target, TimeProvider clock, Random random, Lock gate, long heldBytesMax)
    {
        (this.faults, Peer, this.target, this.clock, this.random, this.gate, this.heldBytesMax) = (faults, peer, target, clock, random, gate, heldBytesMax);
        timer = clock.CreateTimer(static lane => ((FaultedLane)lane!).OnTimer(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public NodeName Peer { get; }

    public bool Send(LinkFaultView rule, Channel channel, IMessage message, int payloadBytes, FrameTrace? trace)
    {
        if (Chance(rule.LossPercent))
        {
            faults.Lose(target, trace, FaultKind.Lost);
            return true;
        }

        if (heldBytes + payloadBytes > heldBytesMax)
        {
            faults.Lose(target, trace, FaultKind.Overflowed);
            return false;
        }

        var payload = message.ToByteArray();
        var sent = Pass(rule, channel, payload, trace);
        if (Chance(rule.DuplicatePercent))
        {
            faults.Add(FaultKind.Duplicated);
            Pass(rule, channel, payload, trace is null ? null : trace with { IsDuplicate = true });
        }

        SetTimer();
        return sent;
    }

    /// <summary>Ends this lane: what it holds back goes out now in the order it was due, or is lost with the cut.</summary>
    public void Release(bool cut)
    {
        while (late.TryDequeue(out var held, out _))
        {
            End(held, cut);
        }

        foreach (var held in behind)
        {
            End(held, cut);
        }

        Dispose();
    }

    public void Dispose()
    {
        over = true;
        late.Clear();
        behind.Clear();
        timer.Dispose();
    }

    private void End(Held held, bool cut)
    {
        if (cut)
        {
            faults.Lose(target, held.Trace, FaultKind.Cut);
        }
        else
        {
            Deliver(held);
        }
    }

    private bool Deliver(Held held) => target.Deliver(held.Channel, held.Payload, held.Trace);

    private bool Pass(LinkFaultView rule, Channel channel, byte[] payload, FrameTrace? trace)
    {
        var now = clock.GetTimestamp();
        var due = now;
        if (rule.BytesPerSecond > 0)
        {
            lineFreeAt = Math.Max(lineFreeAt, now) + (long)((double)payload.Length / rule.BytesPerSecond * clock.TimestampFrequency);
            due = lineFreeAt;
            faults.Add(FaultKind.Throttled);
        }

        if (rule.DelayMs > 0 || rule.JitterMs > 0)
        {
            due += Ticks(rule.DelayMs + (rule.JitterMs > 0 ? rule.JitterMs * random.NextDouble() : 0));
            faults.Add(FaultKind.Delayed);
        }

        if (rule.JitterMs == 0)
        {
            due = lastDue = Math.Max(due, lastDue);
        }

        var held = new Held(channel, payload, trace);
        if (Chance(rule.ReorderPercent))
        {
            held.Overtakers = 1 + random.Next(OvertakersMax);
        }

        if (due <= now && late.Count == 0)
        {
            return Out(held, now);
        }

        heldBytes += payload.Length;
        late.Enqueue(held, (due, sequence++));
        return true;
    }

    /// <summary>A frame whose time has come: it goes out, or steps behind the next ones; those that enough frames have overtaken follow it.</summary>
    private bool Out(Held held, long now)
    {
        if (held.Overtakers > 0)
        {
            held.Deadline = now + Ticks(HeldBehindMax.TotalMilliseconds);
            heldBytes += held.Payload.Length;
            behind.Add(held);
            return true;
        }

        var sent = Deliver(held);
        for (var i = 0; i < behind.Count;)
        {
            var waiting = behind[i];
            if (!waiting.Overtaken)
            {
                waiting.Overtaken = true;
                faults.Add(FaultKind.Reordered);
            }

            if (--waiting.Overtakers > 0)
            {
                i++;
                continue;
            }

            behind.RemoveAt(i);
            heldBytes -= waiting.Payload.Length;
            Deliver(waiting);
        }

        return sent;
    }

    private void OnTimer()
    {
        lock (gate)
        {
            if (over)
            {
                return;
            }

            timerDue = long.MaxValue;
            var now = clock.GetTimestamp();
            while (late.TryPeek(out var held, out var at) && at.Due <= now)
            {
                late.Dequeue();
                heldBytes -= held.Payload.Length;
                Out(held, now);
            }

            while (behind.Count > 0 && behind[0].Deadline <= now)
            {
                var held = behind[0];
                behind.RemoveAt(0);
                heldBytes -= held.Payload.Length;
                Deliver(held);
            }

            SetTimer();
        }
    }

    private void SetTimer()
    {
        var next = late.TryPeek(out _, out var at) ? at.Due : long.MaxValue;
        if (behind.Count > 0)
        {
            next = Math.Min(next, behind[0].Deadline);
        }

        if (next >= timerDue)
        {
            return;
        }

        // Rounded up to a whole millisecond: timers count in those, and one that rings early would only be set again.
        var ahead = Math.Max(0, next - clock.GetTimestamp());
        timerDue = next;
        timer.Change(TimeSpan.FromMilliseconds(Math.Ceiling(ahead * 1000.0 / clock.TimestampFrequency)), Timeout.InfiniteTimeSpan);
    }

    private bool Chance(double percent) => percent > 0 && random.NextDouble() * 100 < percent;

    private long Ticks(double milliseconds) => (long)(milliseconds / 1000 * clock.TimestampFrequency);

    private sealed class Held(Channel channel, byte[] payload, FrameTrace? trace)
    {
        public readonly Channel Channel = channel;
        public readonly byte[] Payload = payload;
        public readonly FrameTrace? Trace = trace;
        public int Overtakers;
        public bool Overtaken;
        public long Deadline;
    }
}
