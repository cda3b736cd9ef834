using System.Diagnostics.Metrics;
using Cluster.Engine.Port;
using Cluster.Modes.Hosting;
using Cluster.Modes.Tests.Shop;
using Cluster.Shared.Ids;
using Cluster.Shared.Wire;

namespace Cluster.Modes.Tests.Hosting;

/// <summary>A node on a stage whose entities and log are the test itself: whatever a request asks of them is written down, and waits for the test to answer it.</summary>
internal sealed class StageNode : IModeNode, IClusterSharding, IDurableLog, IFederation, IDisposable
{
    private readonly ActorStage stage;
    private readonly List<(object Message, IActorRef Sender)> asked = [];
    private readonly IActorRef cluster;

    public StageNode(ActorStage stage) => (this.stage, cluster) = (stage, stage.Recorder(asked));

    public NodeName Name { get; } = NodeName.Parse("n1");

    public IActorSystem System => stage.System;

    public IClusterSharding Sharding => this;

    public IDurableLog Log => this;

    public IReplicatedKeys Keys => throw new NotSupportedException();

    public IShardPlaces Places => throw new NotSupportedException();

    public IClusterSingleton Singletons => throw new NotSupportedException();

    public IClusterMembers Members => throw new NotSupportedException();

    public IPubSub PubSub => throw new NotSupportedException();

    public IFederation Federation => this;

    public string Cluster => "eu";

    public IReadOnlyList<string> Others => [];

    public Meter Meter { get; } = new("stage");

    public ModeSettings Settings => throw new NotSupportedException();

    public IReadOnlyList<EntityFigures> Figures => [];

    /// <summary>What was asked last: the command to an entity, or to the log.</summary>
    public object Asked => asked[^1].Message is ToEntity to ? to.Command : asked[^1].Message;

    public bool HasFlaw(string name) => false;

    public IShardRegion Start(EntityType type) => new RecordedRegion(type, cluster);

    public NodeName? LeaderOf(EntityType type, string entityId) => null;

    public void Tell(LogCommand command, IActorRef asker, bool isStale = false) => cluster.Tell(command, asker);

    public void Tell(string happened)
    {
    }

    public void Register(string service, IActorRef actor)
    {
    }

    public bool Tell(string cluster, string service, object message) => false;

    /// <summary>Answers what was asked last.</summary>
    public void Answer(object reply) => Answer(asked.Count - 1, reply);

    /// <param name="at">Which question, from 0.</param>
    public void Answer(int at, object reply)
    {
        asked[at].Sender.Tell(reply, cluster);
        stage.Settle();
    }

    public void Dispose() => Meter.Dispose();
}
