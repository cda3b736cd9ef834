using Cluster.Engine.Port;
using Cluster.Modes.Hosting;
using Cluster.Modes.Sharded.Owner;

namespace Cluster.Modes.Sharded.Balancing;

/// <summary>The balancer: one for the cluster, a singleton. It keeps each owner's last report, and gives one order after another. It decides nothing for good: an order that comes late or twice is refused by the map.</summary>
internal sealed class BalancerActor(IModeNode node) : Actor
{
    public const string SingletonName = "sharded-balancer";

    /// <summary>Between two orders: what the last one has done shows in the reports by then.</summary>
    private static readonly TimeSpan OrderInterval = TimeSpan.FromSeconds(2);

    /// <summary>Reports that are older say nothing any more: owners that have something to do report each second.</summary>
    private static readonly TimeSpan ReportLife = TimeSpan.FromSeconds(3);

    private readonly Dictionary<string, (LoadReport Report, TimeSpan At)> reports = new(StringComparer.Ordinal);
    private TimeSpan lastOrder;

    private TimeSpan Now => Context.System.Time.Elapsed();

    protected override void Receive(object message)
    {
        switch (message)
        {
            case LoadReport report:
                reports[report.Node] = (report, Now);
                Balance();
                break;
            case AskLoads asked:
                Sender.Tell(new LoadsTold(asked.Number, Recent()), Self);
                break;
            case OrderTaken { WhyNot: { } why }:
                node.Tell($"balancer: an order was not taken: {why}");
                break;
            case OrderTaken:
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private List<LoadReport> Recent() => [.. reports.Values.Where(one => Now - one.At < ReportLife).Select(one => one.Report)];

    private void Balance()
    {
        if (Now - lastOrder < OrderInterval)
        {
            return;
        }

        var members = node.Members.Current.Where(member => member.IsReachable).ToList();
        var order = BalancerCore.Decide(
            Recent(),
            [.. members.Where(member => member.IsUp).Select(member => member.Name.ToString())],
            [.. members.Where(member => !member.IsUp).Select(member => member.Name.ToString())]);
        if (order is null || members.Find(member => member.Name.ToString() == order.Owner) is not { } owner)
        {
            return;
        }

        lastOrder = Now;
        var at = Context.System.Resolve(ActorPath.Parse($"/user/mode-{ShardedMode.Slug}/{OwnerActor.ActorName}").WithAddress(new ActorAddress(owner.Name, owner.Address)).ToString());
        at.Tell(order.To is { } to ? new MoveOrder(0, order.Table, order.Shard, to) : new SplitOrder(0, order.Table, order.Shard), Self);
    }
}
