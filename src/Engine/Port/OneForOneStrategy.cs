namespace Cluster.Engine.Port;

/// <summary>Carries the verdict out on the failed child alone.</summary>
public sealed class OneForOneStrategy : SupervisorStrategy
{
    /// <inheritdoc cref="OneForOneStrategy(int, TimeSpan, Func{Exception, Directive}?)"/>
    public OneForOneStrategy(Func<Exception, Directive>? decider = null)
        : this(-1, Timeout.InfiniteTimeSpan, decider)
    {
    }

    /// <param name="maxRestarts">Restarts granted within the window; -1 for no limit.</param>
    /// <param name="within">The window; <see cref="Timeout.InfiniteTimeSpan"/> for the child's whole life.</param>
    /// <param name="decider">The verdict by exception; <see cref="SupervisorStrategy.DefaultDecider"/> when null.</param>
    public OneForOneStrategy(int maxRestarts, TimeSpan within, Func<Exception, Directive>? decider = null)
        : base(maxRestarts, within, decider)
    {
    }

    public override bool AppliesToAll => false;
}
