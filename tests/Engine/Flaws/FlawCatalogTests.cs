using Cluster.Engine.Consensus;
using Cluster.Engine.Flaws;
using Cluster.Engine.Hosting;
using Cluster.Shared.Ids;

namespace Cluster.Engine.Tests.Flaws;

/// <summary>The list of flaws is whole, and a flaw that is asked for reaches the part that it breaks.</summary>
public sealed class FlawCatalogTests
{
    [Fact]
    public void Every_flaw_that_there_is_has_one_name_and_every_name_one_flaw()
    {
        Assert.Equal(FlawCatalog.All.Count, FlawCatalog.All.Select(flaw => flaw.Name).Distinct().Count());
        Assert.Equal(Enum.GetValues<RaftFlaws>().Where(flaw => flaw != RaftFlaws.None), FlawCatalog.All.Select(flaw => flaw.Raft).Where(flaw => flaw != RaftFlaws.None).Order());
        Assert.Equal(Enum.GetValues<EngineFlaws>().Where(flaw => flaw != EngineFlaws.None), FlawCatalog.All.Select(flaw => flaw.Engine).Where(flaw => flaw != EngineFlaws.None).Order());
        Assert.All(FlawCatalog.All, flaw => Assert.Matches("^[a-z]+(-[a-z]+)+$", flaw.Name));
        Assert.False(FlawCatalog.TryFind("nonsense", out _));
    }

    [Fact]
    public void A_flaw_reaches_the_part_that_it_breaks_and_no_other()
    {
        var planted = With("vote-twice", "dirty-read").Planted();
        Assert.Equal(RaftFlaws.VoteTwice, planted.Replication.Raft.Flaws);
        Assert.Equal(EngineFlaws.DirtyRead, planted.EngineFlaws);
        Assert.True(planted.Replication.DirtyReads && planted.Client.DirtyReads);

        var healthy = With().Planted();
        Assert.Equal((RaftFlaws.None, EngineFlaws.None, false, false), (healthy.Replication.Raft.Flaws, healthy.EngineFlaws, healthy.Replication.DirtyReads, healthy.Client.DirtyReads));
    }

    private static EngineOptions With(params string[] flaws) => new()
    {
        Cluster = "lab",
        Name = NodeName.Parse("n1"),
        Address = NodeAddress.Parse("127.0.0.1:4053"),
        Seeds = [],
        Flaws = [.. flaws.Select(name => FlawCatalog.TryFind(name, out var flaw) ? flaw : throw new ArgumentException(name))],
    };
}
