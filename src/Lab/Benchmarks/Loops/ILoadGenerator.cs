namespace Cluster.Lab.Benchmarks.Loops;

/// <summary>What drives one target of a benchmark. The one for RESP is the lab's own; a peer that speaks something else brings its own, and is counted alike.</summary>
public interface ILoadGenerator
{
    /// <summary>Writes every key once.</summary>
    Task<GeneratorRun> LoadAsync(CancellationToken cancellation);

    /// <summary>One turn of the measurement, after its warm-up.</summary>
    Task<GeneratorRun> MeasureAsync(TimeSpan measured, CancellationToken cancellation);
}
