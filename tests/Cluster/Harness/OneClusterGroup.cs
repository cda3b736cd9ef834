namespace Cluster.Cluster.Tests.Harness;

/// <summary>Test classes that share <see cref="OneCluster"/>: it stands from the first of their tests to the last.</summary>
[CollectionDefinition(Name)]
public sealed class OneClusterGroup : ICollectionFixture<OneCluster>
{
    public const string Name = "one cluster";
}
