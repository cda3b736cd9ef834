namespace Cluster.Engine.Port;

/// <summary>Carries a restart or stop out on all children, for children that cannot do without each other; a resume on the failed one alone.</summary>
public sealed class AllForOneStrategy : SupervisorStrategy
{
    /// <inheritdoc cref="OneForOneStrategy(int, TimeSpan, Func{Exception, Directive}?)"/>
    public AllForOneStrategy(Func<Exception, Directive>? decider = null)
        : this(-1, Timeout.InfiniteTimeSpan, decider)
    {
    }

    /// <inheritdoc cref="OneForOneStrategy(int, TimeSpan, Func{Exception, Directive}?)"/>
    public AllForOneStrategy(int maxRestarts, TimeSpan within, Func<Exception, Directive>? decider = null)
        : base(maxRestarts, within, decider)
    {
    }

    public override bool AppliesToAll => true;
}
