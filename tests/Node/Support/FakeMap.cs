using Cluster.Engine.Hosting;
using Cluster.Node.Resp.Redirection;
using Cluster.Shared.Ids;
using Cluster.Shared.Slots;

namespace Cluster.Node.Tests.Support;

/// <summary>Two nodes: this one leads the lower half of the slots, another one the upper; each has a copy of all. A test moves what it likes.</summary>
internal sealed class FakeMap : IClusterMap
{
    public const int Half = HashSlot.Count / 2;

    public static readonly string Self = new('a', 40);
    public static readonly string Other = new('b', 40);

    /// <summary>What is said of a slot before the halves are.</summary>
    public Func<int, SlotRoute?>? Route { get; set; }

    public SlotMapView View { get; set; } = new(
        12,
        Self,
        [
            new SlotMapNode(1, Self, new NodeAddress("127.0.0.1", 6379), new NodeAddress("127.0.0.1", 4053), true, true, true, 3),
            new SlotMapNode(2, Other, new NodeAddress("127.0.0.1", 6380), new NodeAddress("127.0.0.1", 4054), false, true, true, 5),
        ],
        [new SlotMapRange(0, 4095, 0, [1]), new SlotMapRange(4096, Half - 1, 0, [1]), new SlotMapRange(Half, HashSlot.Count - 1, 1, [0])],
        [new SlotMapLink(Other, 10)]);

    public SlotRoute RouteOf(int slot) =>
        Route?.Invoke(slot) ?? (slot < Half ? new SlotRoute(SlotRouteKind.Here, null, true) : new SlotRoute(SlotRouteKind.Elsewhere, new NodeAddress("127.0.0.1", 6380), true));

    public bool Leads(int shardIndex) => shardIndex < 2;

    public SlotMapView Describe() => View;
}
