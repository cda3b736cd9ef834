using Cluster.Lab.Workloads;

namespace Cluster.Client.Elastic;

/// <summary>One node that left and came back.</summary>
/// <param name="Leave">From the wish to leave until its process had ended and it was removed.</param>
/// <param name="Join">From the start of its process until it had its share of the replicas.</param>
/// <param name="Votes">Shards in which it votes then.</param>
/// <param name="Progress">All clients, since the beginning.</param>
internal sealed record ElasticRound(int Number, string Node, TimeSpan Leave, TimeSpan Join, int Votes, WorkloadProgress Progress);
