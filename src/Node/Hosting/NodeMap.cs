using Cluster.Engine.Hosting;
using Cluster.Node.Resp.Redirection;

namespace Cluster.Node.Hosting;

/// <summary>The engine's slots behind the RESP door.</summary>
internal sealed class NodeMap(SlotMap slots) : IClusterMap
{
    public SlotRoute RouteOf(int slot) => slots.RouteOf(slot);

    public bool Leads(int shardIndex) => slots.Leads(shardIndex);

    public SlotMapView Describe() => slots.Describe();
}
