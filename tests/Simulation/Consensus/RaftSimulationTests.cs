namespace Cluster.Simulation.Tests.Consensus;

public sealed class RaftSimulationTests(ITestOutputHelper output)
{
    /// <summary>More, or one again: CLUSTER_SIM_SEEDS=2000, CLUSTER_SIM_SEED=17.</summary>
    private static int Seeds => int.TryParse(Environment.GetEnvironmentVariable("CLUSTER_SIM_SEEDS"), out var seeds) ? seeds : 120;

    [Fact]
    public void Every_rule_holds_and_the_group_recovers_whatever_happens_to_five_nodes() => Sweep(new RaftWeather());

    [Fact]
    public void Every_rule_holds_when_three_nodes_logs_differ_in_every_way() => Sweep(RaftWeather.Fierce);

    [Fact]
    public void Every_rule_holds_when_the_replica_between_two_others_keeps_restarting() => Sweep(RaftWeather.Bridged);

    [Fact]
    public void Every_rule_holds_while_members_and_leaders_change_all_the_time() => Sweep(RaftWeather.Reorganized);

    [Fact]
    public void A_seed_replays_the_same_run()
    {
        var (first, second) = (new RaftCluster(7, new RaftWeather()), new RaftCluster(7, new RaftWeather()));
        first.Run();
        second.Run();

        Assert.NotEqual(0UL, first.Digest);
        Assert.Equal(first.Digest, second.Digest);
    }

    private void Sweep(RaftWeather weather)
    {
        var only = Environment.GetEnvironmentVariable("CLUSTER_SIM_SEED");
        var (from, to) = ulong.TryParse(only, out var one) ? (one, one + 1) : (0UL, (ulong)Seeds);
        var (applied, elections, reads, leaseReads, crashes, snapshots, changes, transfers) = (0, 0, 0, 0, 0, 0, 0, 0);
        for (var seed = from; seed < to; seed++)
        {
            var cluster = new RaftCluster(seed, weather);
            try
            {
                cluster.Run();
            }
            catch (Exception broken)
            {
                Assert.Fail($"seed {seed}: {broken}\nagain: CLUSTER_SIM_SEED={seed} dotnet run --project tests/Simulation -- -class \"*RaftSimulationTests\"");
            }

            applied += cluster.Oracle.Group.Applied;
            elections += cluster.Oracle.Group.Elections;
            reads += cluster.Oracle.ReadsChecked;
            leaseReads += cluster.Oracle.LeaseReadsChecked;
            crashes += cluster.Crashes;
            snapshots += cluster.SnapshotsInstalled;
            changes += cluster.MembershipChanges;
            transfers += cluster.TransfersStarted;
        }

        output.WriteLine($"{to - from} seeds: {applied} entries, {elections} elections, {reads} reads, {leaseReads} lease reads, {crashes} crashes, {snapshots} snapshots installed, {changes} membership changes, {transfers} transfers");
    }
}
