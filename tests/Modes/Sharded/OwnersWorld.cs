using Cluster.Engine.Port;
using Cluster.Modes.Sharded;
using Cluster.Modes.Sharded.Map;
using Cluster.Modes.Sharded.Owner;

namespace Cluster.Modes.Tests.Sharded;

/// <summary>Two owners and a map, without time, network or disk: what is decided becomes durable when the test says so, and an owner can die with all that was not.</summary>
internal sealed class OwnersWorld
{
    private readonly MapDecider decider = new();
    private readonly Dictionary<string, OwnerCore> owners = [];
    private readonly Dictionary<string, List<object>> journals = [];

    public OwnersWorld(params string[] nodes)
    {
        foreach (var node in nodes)
        {
            journals[node] = [];
            owners[node] = new OwnerCore(node, () => Now);
        }
    }

    public TimeSpan Now { get; set; }

    public ShardMap Map { get; private set; } = ShardMap.Unknown;

    public OwnerCore this[string node] => owners[node];

    /// <summary>The map decides; every owner of the test is told, and carries out what follows.</summary>
    public void Ask(MapCommand command, bool isTold = true)
    {
        foreach (var happened in decider.Decide(Map, command, new EntityContext(Partitioning.Range, default)).Events)
        {
            Map = decider.Apply(Map, happened);
        }

        if (isTold)
        {
            foreach (var node in owners.Keys)
            {
                Tell(node);
            }
        }
    }

    public void Tell(string node)
    {
        owners[node].Look(Map);
        for (var events = owners[node].Follow(Partitioning.Range); events.Count > 0; events = owners[node].Follow(Partitioning.Range))
        {
            foreach (var happens in events)
            {
                Persist(node, happens);
            }
        }
    }

    public void Persist(string node, object happens)
    {
        journals[node].Add(happens);
        owners[node].Apply(happens);
    }

    /// <summary>It dies and comes back with its journal, through a snapshot.</summary>
    public void Restart(string node)
    {
        var before = new OwnerCore(node, () => Now);
        journals[node].ForEach(before.Apply);
        owners[node] = new OwnerCore(node, () => Now);
        owners[node].Restore(before.Snapshot());
    }

    public OwnerMove Call(string node, ShardCall call)
    {
        var move = owners[node].Decide(call);
        if (move.Event is { } written)
        {
            Persist(node, written);
        }

        return move;
    }

    public ShardCall Put(long number, string key, string value, string client = "c", ShardRow? by = null)
    {
        var row = by ?? Map.Find(key)!;
        return new ShardCall(client, number, 1, Partitioning.Range, row.Shard, row.Epoch, ShardOperation.Put, key, value);
    }

    public ShardCall Compare(long number, string key, string? expected, string value) =>
        Put(number, key, value, client: "d") with { Operation = ShardOperation.CompareAndSet, Expected = expected };

    /// <summary>What a call is answered, once that is durable; null: nothing.</summary>
    public ShardAnswer? Answer(string node, ShardCall call) => Call(node, call) is var move && move.Event is { } happened ? happened.Entry.AnswerTo(call) : move.Reply;

    public ShardCall Get(string key, ShardRow? by = null)
    {
        var row = by ?? Map.Find(key)!;
        return new ShardCall("r", 1, 1, Partitioning.Range, row.Shard, row.Epoch, ShardOperation.Get, key);
    }

    /// <summary>One step of a move; the other owner stores what it is sent, at once.</summary>
    /// <returns>What was done, in a word; null: nothing is left to do.</returns>
    public string? Step(string node, int shard)
    {
        switch (owners[node].Step(Partitioning.Range, shard, Now))
        {
            case ShardBatch batch:
                var to = owners[node].Departing[(Partitioning.Range, shard)].To;
                if (owners[to].MayArrive(batch))
                {
                    Persist(to, new BatchReceived(batch.Table, batch.Shard, batch.Move, batch.Entries));
                    Assert.True(owners[node].Stored(new BatchStored(batch.Table, batch.Shard, batch.Move, batch.Batch), Now));
                }

                return $"batch of {batch.Entries.Count}";
            case SwitchBegun begun:
                Persist(node, begun);
                return "closed";
            case CommitMove commit:
                Ask(commit);
                return "committed";
            case AbortMove abort:
                Ask(abort);
                return "aborted";
            default:
                return null;
        }
    }
}
