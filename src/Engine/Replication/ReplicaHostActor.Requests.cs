using Cluster.Engine.Consensus;
using Cluster.Engine.Sharding;
using Cluster.Shared.Ids;
using Cluster.Shared.Results;
using Cluster.Shared.Wire;
using Google.Protobuf;

namespace Cluster.Engine.Replication;

/// <summary>Requests to the shards: who may answer, from what state, and when.</summary>
internal sealed partial class ReplicaHostActor
{
    private ulong lastReadId;

    private void Handle(RequestsReceived received)
    {
        foreach (var request in received.Batch.Requests)
        {
            Handle(received.From, request);
        }
    }

    private void Handle(NodeAddress from, ShardRequest request)
    {
        var caller = new Caller(from, request.Correlation);
        if (!replicas.TryGetValue(new ShardId(request.Shard), out var replica))
        {
            Refuse(caller, ErrorCode.NotLeader, $"node {services.Self} holds no replica of shard {new ShardId(request.Shard)}", services.Leaders.Leader(new ShardId(request.Shard)));
        }
        else if (request.IsRead && (request.Consistency == ReadConsistency.Stale || services.Options.DirtyReads))
        {
            AnswerStale(replica, caller, request);
        }
        else if (replica.Core.Role != RaftRole.Leader)
        {
            Refuse(caller, ErrorCode.NotLeader, $"node {services.Self} does not lead shard {replica.Group}", replica.Core.Leader ?? NodeId.None);
        }
        else if (!replica.Serves)
        {
            HoldBack(replica, from, request);
        }
        else if (request.IsRead)
        {
            Read(replica, caller, request);
        }
        else
        {
            Decide(replica, caller, request);
        }
    }

    private void HoldBack(Replica replica, NodeAddress from, ShardRequest request)
    {
        if (replica.Held.Count < services.Options.MaxHeldRequests)
        {
            replica.Held.Enqueue(new HeldRequest(from, request));
            return;
        }

        Refuse(new Caller(from, request.Correlation), ErrorCode.Overloaded, $"the new leader of shard {replica.Group} already holds {services.Options.MaxHeldRequests} requests back until its first commit");
    }

    private void ServeHeld(Replica replica)
    {
        while (replica.Serves && replica.Held.TryDequeue(out var held))
        {
            Handle(held.From, held.Request);
        }
    }

    private void AnswerStale(Replica replica, Caller caller, ShardRequest request)
    {
        if (request.Consistency != ReadConsistency.Stale)
        {
            request = request.Clone(); // A dirty read: its caller asked for more than this.
            request.Consistency = ReadConsistency.Stale;
        }

        AnswerFromState(replica, caller, request);
    }

    private void Read(Replica replica, Caller caller, ShardRequest request)
    {
        if (request.Consistency == ReadConsistency.Lease && replica.Core.LeaseHolds(Now))
        {
            AnswerFromState(replica, caller, request);
            return;
        }

        AwaitConfirmation(replica, new PendingRead(caller, request, decided: null, LogIndex.Zero));
    }

    /// <summary>Waits for a majority to confirm that this node leads now. All reads of one turn share one round.</summary>
    private void AwaitConfirmation(Replica replica, PendingRead read)
    {
        var id = ++lastReadId;
        if (replica.Core.Read(Now, id) is { Accepted: false } refused)
        {
            var error = refused.Outcome == ReadOutcome.Overloaded ? ErrorCode.Overloaded : ErrorCode.NotLeader;
            Refuse(read.Caller, error, $"node {services.Self} takes no reads of shard {replica.Group} now: {refused.Reason}", refused.LeaderHint);
            return;
        }

        replica.Reads.Add(id, read);
        MarkDirty(replica);
    }

    private void AnswerFromState(Replica replica, Caller caller, ShardRequest request)
    {
        var answer = replica.Machine.Query(request, UnixNow);
        if (answer.NeedsDecision)
        {
            Decide(replica, caller, request);
        }
        else if (answer.Reply is { } reply)
        {
            Answer(caller, reply);
        }
        else
        {
            Refuse(caller, answer.Error, answer.Message!);
        }
    }

    private void Decide(Replica replica, Caller caller, ShardRequest request)
    {
        var decision = replica.Machine.Decide(request, UnixNow);
        switch (decision.Kind)
        {
            case ShardDecisionKind.Propose:
                Propose(replica, caller, request, decision);
                break;
            case ShardDecisionKind.Answer:
                AnswerWhenTrue(replica, caller, decision);
                break;
            case ShardDecisionKind.UnderWay:
                Redirect(replica, caller, new LogIndex(decision.AfterIndex));
                break;
            default:
                Refuse(caller, decision.Error, decision.Message!);
                break;
        }
    }

    private void AnswerWhenTrue(Replica replica, Caller caller, in ShardDecision decision)
    {
        var read = new PendingRead(caller, query: null, decision.Reply, new LogIndex(decision.AfterIndex));
        if (decision.NeedsBarrier)
        {
            AwaitConfirmation(replica, read);
        }
        else if (read.NotBefore <= replica.Applied)
        {
            Answer(caller, decision.Reply!);
        }
        else
        {
            replica.ReadsToApply.Add(read);
        }
    }

    private void Propose(Replica replica, Caller caller, ShardRequest request, in ShardDecision decision)
    {
        var proposed = replica.Core.Propose(Now, decision.Entry!);
        if (!proposed.Accepted)
        {
            Refuse(caller, proposed.Error, $"shard {replica.Group} takes no writes now: {proposed.Reason}", proposed.LeaderHint);
            return;
        }

        replica.Machine.Proposed(proposed.Index.Value, decision);
        replica.Writes.Enqueue(new PendingWrite(proposed.Index, caller));
        MarkDirty(replica);
    }

    /// <summary>A retry of a write that is in the log but not yet applied: its answer goes to the retry.</summary>
    private static void Redirect(Replica replica, Caller caller, LogIndex index)
    {
        foreach (var write in replica.Writes)
        {
            if (write.Index == index)
            {
                write.Caller = caller;
                return;
            }
        }
    }

    private void ProposeExpiry(Replica replica)
    {
        if (replica.Machine.DecideExpiry(UnixNow, services.Options.ExpiryBatch) is { } decision)
        {
            var proposed = replica.Core.Propose(Now, decision.Entry!);
            if (proposed.Accepted)
            {
                replica.Machine.Proposed(proposed.Index.Value, decision);
            }
        }
    }

    private void Answer(Caller caller, ByteString reply) => Out.Add(caller.Address, new ShardReply { Correlation = caller.Correlation, Reply = reply });

    private void Refuse(Caller caller, ErrorCode error, string message, NodeId leader = default) =>
        Out.Add(caller.Address, new ShardReply { Correlation = caller.Correlation, Error = (uint)error, Message = message, Leader = leader.Value });
}
