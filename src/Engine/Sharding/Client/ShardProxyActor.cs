using Cluster.Engine.Actors;
using Cluster.Engine.Port;
using Cluster.Engine.Remoting;
using Cluster.Engine.Replication;
using Cluster.Shared.Ids;
using Cluster.Shared.Results;
using Cluster.Shared.Wire;

namespace Cluster.Engine.Sharding.Client;

/// <summary>
/// The client proxy of one node: every request of its front doors to any shard passes here. It numbers requests for exactly-once, sends them in one frame
/// for each node and mailbox batch, matches replies, and ends attempts whose node, link or leader is gone. It decides nothing about retries: the
/// <see cref="ShardClient"/> round it does.
/// </summary>
internal sealed class ShardProxyActor(ShardClientOptions options, ITransport transport, IActorRef localReplicas, AddressBook addresses, LeaderDirectory leaders)
    : Actor, IBatchActor
{
    /// <summary>How often deadlines are looked at; an attempt may overrun its deadline by this much.</summary>
    private static readonly TimeSpan DeadlineResolution = TimeSpan.FromMilliseconds(20);

    private readonly Dictionary<ulong, ShardCall> inFlight = [];
    private readonly Dictionary<ShardId, ShardSessions> sessions = [];
    private readonly Dictionary<NodeAddress, Outbox> outboxes = [];
    private readonly List<ulong> ended = [];
    private ulong lastCorrelation;

    /// <summary>Only while something is under way: an idle node sleeps.</summary>
    private bool watchesDeadlines;

    protected override void Receive(object message)
    {
        switch (message)
        {
            case SendAttempt send:
                Send(send.Call, send.Target);
                break;
            case RepliesReceived replies:
                foreach (var reply in replies.Batch.Replies)
                {
                    Complete(reply);
                }

                break;
            case CloseCall close:
                sessions[close.Call.Shard].Close(close.Call.Request.Session, close.Call.Request.Sequence);
                break;
            case DeadlineTick:
                EndOverdue();
                break;
            case LinkLost lost:
                EndWhere(call => call.Target == lost.Address, $"the link to {lost.Address} was lost");
                break;
            case LeaderMoved moved:
                EndMoved(moved);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    public void OnBatchEnd()
    {
        foreach (var (address, outbox) in outboxes)
        {
            Send(address, outbox);
        }
    }

    private void Send(NodeAddress address, Outbox outbox)
    {
        if (outbox.Batch.Requests.Count == 0)
        {
            return;
        }

        var batch = outbox.Batch;
        outbox.Batch = new ShardRequestBatch(); // The local host keeps what it is given past this turn.
        outbox.Fill.StartWith(0);
        if (address == transport.LocalAddress)
        {
            localReplicas.Tell(new RequestsReceived(address, batch));
        }
        else if (!transport.Send(address, Channel.Shard, batch))
        {
            Refuse(batch, address);
        }
    }

    private void Send(ShardCall call, NodeId target)
    {
        if (inFlight.Count >= options.MaxInFlight)
        {
            call.End(AttemptResult.Failed(ErrorCode.Overloaded, $"this node has {options.MaxInFlight} requests under way; send it again later", retry: false));
            return;
        }

        if (!Number(call))
        {
            call.End(AttemptResult.Failed(ErrorCode.Overloaded, $"too many writes under way to shard {call.Shard}; send it again later", retry: true));
            return;
        }

        if (!addresses.TryFind(target, out var address))
        {
            call.End(AttemptResult.Failed(ErrorCode.Unavailable, $"the address of node {target} is not known here yet", retry: true));
            return;
        }

        var now = Context.System.Time.Elapsed();
        call.Target = address;
        call.AttemptDeadline = now + options.AttemptTimeout < call.Deadline ? now + options.AttemptTimeout : call.Deadline;
        call.BeginAttempt(++lastCorrelation);
        call.Request.DeadlineMs = (uint)Math.Max(1, (call.Deadline - now).TotalMilliseconds);
        call.Request.AcknowledgedBelow = call.OwnSession ? sessions[call.Shard].AcknowledgedBelow(call.Request.Session) : 0;
        var size = FrameFill.SizeOf(call.Request);
        if (size > transport.MaxFrameBytes)
        {
            // Also where this node leads: what is asked for is not to depend on which node is asked.
            call.End(AttemptResult.Failed(ErrorCode.BadRequest, $"the request is {size} bytes long, more than the {transport.MaxFrameBytes} that travel between nodes at once", retry: false));
            return;
        }

        inFlight.Add(lastCorrelation, call);
        if (!watchesDeadlines)
        {
            watchesDeadlines = true;
            Timers.StartPeriodic(nameof(DeadlineTick), DeadlineTick.Instance, DeadlineResolution);
        }

        if (!outboxes.TryGetValue(address, out var outbox))
        {
            outboxes.Add(address, outbox = new Outbox());
        }

        if (!outbox.Fill.TryAdd(size, transport.MaxFrameBytes))
        {
            Send(address, outbox);
            outbox.Fill.StartWith(size);
        }

        outbox.Batch.Requests.Add(call.Request);
    }

    /// <summary>Gives a write that has no identity of its caller's one of this node's.</summary>
    private bool Number(ShardCall call)
    {
        if (call.Request.IsRead || (call.Request.Session != 0 && !call.OwnSession))
        {
            return true;
        }

        if (!sessions.TryGetValue(call.Shard, out var own))
        {
            sessions.Add(call.Shard, own = new ShardSessions(NewSessionId));
        }

        if (call.Request.Session == 0)
        {
            if (!own.TryOpen(out var session, out var sequence))
            {
                return false;
            }

            call.OwnSession = true;
            call.Request.Session = session;
            call.Request.Sequence = sequence;
        }

        return true;
    }

    private ulong NewSessionId() => (ulong)Context.System.Random.NextInt64(1, long.MaxValue);

    private void Complete(ShardReply reply)
    {
        if (!inFlight.Remove(reply.Correlation, out var call))
        {
            return; // An answer to an attempt that was given up.
        }

        var error = (ErrorCode)reply.Error;
        if (error == ErrorCode.None)
        {
            call.End(AttemptResult.Answered(reply.Reply));
            return;
        }

        if (error == ErrorCode.NotLeader)
        {
            Follow(call, new NodeId(reply.Leader));
        }

        call.MayHaveTakenEffect |= error == ErrorCode.OutcomeUnknown && !call.Request.IsRead;
        call.End(AttemptResult.Failed(error, reply.Message, retry: error is ErrorCode.NotLeader or ErrorCode.Unavailable or ErrorCode.OutcomeUnknown or ErrorCode.Overloaded));
    }

    private void Follow(ShardCall call, NodeId hinted)
    {
        if (addresses.TryFind(leaders.Leader(call.Shard), out var believed) && believed == call.Target)
        {
            leaders.Doubt(call.Shard, leaders.Leader(call.Shard));
        }

        if (!hinted.IsNone)
        {
            leaders.Hinted(call.Shard, hinted);
        }
    }

    private void EndOverdue()
    {
        var now = Context.System.Time.Elapsed();
        EndWhere(call => call.AttemptDeadline <= now, "no answer in time");
        if (inFlight.Count == 0)
        {
            watchesDeadlines = false;
            Timers.Cancel(nameof(DeadlineTick));
        }
    }

    private void EndMoved(LeaderMoved moved)
    {
        if (addresses.TryFind(moved.Leader, out var address))
        {
            EndWhere(call => call.Shard == moved.Shard && call.Target != address && call.Request.Consistency != ReadConsistency.Stale, $"shard {moved.Shard} has a new leader", unanswered: false);
        }
    }

    /// <summary>Ends attempts without knowing what became of them.</summary>
    private void EndWhere(Func<ShardCall, bool> ends, string why, bool unanswered = true)
    {
        foreach (var (correlation, call) in inFlight)
        {
            if (ends(call))
            {
                ended.Add(correlation);
            }
        }

        foreach (var correlation in ended)
        {
            inFlight.Remove(correlation, out var call);
            call!.MayHaveTakenEffect |= !call.Request.IsRead;
            call.End(AttemptResult.Failed(ErrorCode.Unavailable, $"{why} (node at {call.Target})", retry: true) with { Unanswered = unanswered });
        }

        ended.Clear();
    }

    /// <summary>The transport took none of these: they had no effect.</summary>
    private void Refuse(ShardRequestBatch batch, NodeAddress address)
    {
        foreach (var request in batch.Requests)
        {
            if (inFlight.Remove(request.Correlation, out var call))
            {
                call.End(AttemptResult.Failed(ErrorCode.Unavailable, $"the link to {address} takes nothing now", retry: true));
            }
        }
    }

    private sealed class Outbox
    {
        public FrameFill Fill;

        public ShardRequestBatch Batch { get; set; } = new();
    }
}
