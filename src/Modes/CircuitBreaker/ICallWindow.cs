namespace Cluster.Modes.CircuitBreaker;

/// <summary>A sliding window over how calls ended.</summary>
internal interface ICallWindow
{
    void Add(bool failed, bool slow, TimeSpan now);

    WindowCounts Counts(TimeSpan now);

    void Clear();
}
