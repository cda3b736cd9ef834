namespace Cluster.Modes.CircuitBreaker;

/// <summary>What a <see cref="ProxyCore"/> wants done, in order.</summary>
internal abstract record ProxyEffect
{
    /// <summary>Sends an attempt to the dependency.</summary>
    public sealed record Send(Invoke Attempt) : ProxyEffect;

    /// <summary>Calls <see cref="ProxyCore.Wake"/> after that time; a call has one such alarm, the last.</summary>
    public sealed record Alarm(long Call, TimeSpan After) : ProxyEffect;

    /// <summary>The call is over.</summary>
    public sealed record Report(long Call, CallReport Result) : ProxyEffect;
}
