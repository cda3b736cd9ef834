using System.Collections.Immutable;
using Cluster.Engine.Port;
using Cluster.Modes.Federated;
using Cluster.Modes.Hosting;
using Cluster.Modes.Tests.Hosting;
using Cluster.Modes.Tests.Shop;
using Cluster.Shared.Results;

namespace Cluster.Modes.Tests.Federated;

/// <summary>A region's home moves group by group, and any of them may be out of reach: "no effect" is for an order that none of them has taken.</summary>
public sealed class MoveActorTests : IDisposable
{
    private static readonly EntityUnavailable Away = new(GroupCore.Type.Name, "eu/0", new ClusterError(ErrorCode.Unavailable, "the link takes nothing now"));

    private readonly ActorStage stage = new();
    private readonly List<(object Message, IActorRef Sender)> client = [];
    private readonly StageNode node;

    public MoveActorTests()
    {
        node = new StageNode(stage);
        var (federated, asked, clientRef) = (new FederatedNode(node), new ModeRequest(FederatedMode.Failover, new Dictionary<string, string> { [FederatedMode.Region] = "eu" }), stage.Recorder(client));
        stage.System.ActorOf(Props.Create(() => new MoveActor(federated, asked, clientRef)));
        stage.Settle();
    }

    private ModeAnswer Told => Assert.IsType<ModeAnswer>(Assert.Single(client).Message);

    public void Dispose() => node.Dispose();

    [Fact]
    public void An_order_that_some_groups_have_taken_is_not_said_to_have_had_no_effect()
    {
        node.Answer(0, Away);
        Assert.Empty(client);
        node.Answer(1, Standing("eu/1"));
        node.Answer(2, Standing("eu/2"));
        node.Answer(3, new EntityRefused(GroupCore.Type.Name, "eu/3", "no"));

        Assert.Equal(ErrorCode.OutcomeUnknown, Told.Error!.Code);
        Assert.StartsWith("eu/1, eu/2 have taken the order to eu", Told.Error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void One_that_no_group_has_taken_had_none()
    {
        for (var group = 0; group < RegionMap.Groups; group++)
        {
            node.Answer(group, Away);
        }

        Assert.Equal(ErrorCode.Unavailable, Told.Error!.Code);
    }

    private static GroupStanding Standing(string group) =>
        new(group, [new HomeEpoch(2, "eu", WriteVersion.None)], WriteVersion.None, 0, 0, null, ImmutableSortedDictionary<string, WriteVersion>.Empty, 0, 0, 0, null);
}
