namespace Cluster.Benchmarks.Throughput;

/// <summary>One thing of which there are so many a second. Made anew for each run, warmed up by a first round that is not counted.</summary>
internal interface IThroughputCase : IAsyncDisposable
{
    string Name { get; }

    /// <summary>What is done, in words for the table.</summary>
    string What { get; }

    /// <summary>What issue 3 wants, a second; null where it wants nothing.</summary>
    double? Target { get; }

    Task StartAsync();

    /// <summary>Does it for about that long.</summary>
    /// <returns>How often it was done.</returns>
    Task<long> RunAsync(TimeSpan time);
}
