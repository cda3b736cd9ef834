using Cluster.Lab.Benchmarks;
using Cluster.Lab.Benchmarks.Requests;

namespace Cluster.Benchmarks.Peers;

/// <summary>One workload that several peers get in turns.</summary>
/// <param name="Target">What issue 3 wants of our nodes, a second; null where it wants nothing.</param>
internal sealed record PeerScenario(string Name, BenchWorkload Workload, int Pipeline, double? Target, params IReadOnlyList<string> Peers)
{
    private const int Clients = 64;

    public static readonly IReadOnlyList<PeerScenario> All =
    [
        new("SET", BenchWorkload.Set, 1, 15_000, PeerServers.Ours, PeerServers.Redis, PeerServers.RedisSynced, PeerServers.Etcd),
        new("GET", BenchWorkload.Get, 1, 50_000, PeerServers.Ours, PeerServers.OursByLease, PeerServers.Redis, PeerServers.Etcd),
        new("SET, pipeline 16", BenchWorkload.Set, 16, 60_000, PeerServers.Ours, PeerServers.Redis, PeerServers.RedisSynced),
        new("GET, pipeline 16", BenchWorkload.Get, 16, 200_000, PeerServers.Ours, PeerServers.OursByLease, PeerServers.Redis),
    ];

    public BenchOptions Options(int rounds, double seconds) => new()
    {
        Workload = Workload,
        Clients = Clients,
        Pipeline = Pipeline,
        Rounds = rounds,
        Measured = rounds * TimeSpan.FromSeconds(seconds),
        WarmUp = TimeSpan.FromSeconds(1),
    };
}
