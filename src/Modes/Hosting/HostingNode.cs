using System.Diagnostics.Metrics;
using Cluster.Engine.Hosting;
using Cluster.Engine.Port;
using Cluster.Shared.Ids;

namespace Cluster.Modes.Hosting;

/// <summary>A node of the embedded engine, as one mode sees it.</summary>
internal sealed class HostingNode(string slug, EmbeddedNode node, Meter meter, ModeSettings settings) : IModeNode
{
    public NodeName Name => node.Name;

    public IActorSystem System => node.System;

    public IClusterSharding Sharding => node.Sharding;

    public IDurableLog Log => node.Log;

    public IReplicatedKeys Keys => node.Keys;

    public IShardPlaces Places => node.Places;

    public IClusterSingleton Singletons => node.Singletons;

    public IClusterMembers Members => node.Members;

    public IPubSub PubSub => node.PubSub;

    public IFederation Federation => node.Federation;

    public Meter Meter => meter;

    public ModeSettings Settings => settings;

    public bool HasFlaw(string name) => node.HasFlaw(name);

    public void Tell(string happened) => node.Events.TellOfMode(slug, happened);
}
