using Cluster.Engine.Port;

namespace Cluster.Modes.Sharded.Owner;

/// <summary>Counts calls by shard and place, and tells the balancer each second while there are any.</summary>
internal sealed partial class OwnerActor
{
    private static readonly TimeSpan ReportInterval = TimeSpan.FromSeconds(1);

    private readonly Dictionary<(string Table, int Shard), LoadCounter> loads = [];
    private readonly IActorRef balancer;

    private void Count(ShardCall call)
    {
        if (!loads.TryGetValue((call.Table, call.Shard), out var counter))
        {
            loads.Add((call.Table, call.Shard), counter = new LoadCounter());
        }

        counter.Count(Partitioning.PlaceOf(call.Table, call.Key));
        if (!Timers.IsActive(nameof(Report)))
        {
            Timers.StartPeriodic(nameof(Report), Report.Instance, ReportInterval);
        }
    }

    private void TellLoad()
    {
        foreach (var gone in loads.Keys.Where(key => !core.Held.ContainsKey(key)).ToList())
        {
            loads.Remove(gone);
        }

        if (loads.Values.All(counter => counter.Calls == 0))
        {
            Timers.Cancel(nameof(Report)); // This last report says that there is nothing more.
        }

        balancer.Tell(new LoadReport(node.Name.ToString(), [.. core.Held.Select(one => Of(one.Key, one.Value))]), Self);
    }

    private Balancing.ShardLoad Of((string Table, int Shard) key, HeldShard shard)
    {
        var counter = loads.GetValueOrDefault(key) ?? new LoadCounter();
        return counter.Report(key.Table, shard, ReportInterval) with { IsMoving = core.Departing.ContainsKey(key) };
    }
}
