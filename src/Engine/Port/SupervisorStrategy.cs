namespace Cluster.Engine.Port;

/// <summary>
/// How a parent judges failures: a directive by exception, and how many restarts it grants a child within a window before it stops the child.
/// </summary>
public abstract class SupervisorStrategy
{
    /// <summary>Restarts failed children without limit, and stops those that fail to start, are killed, or break a death pact: as in Akka.</summary>
    public static readonly SupervisorStrategy Default = new OneForOneStrategy();

    /// <summary>Stops every child that fails.</summary>
    public static readonly SupervisorStrategy Stopping = new OneForOneStrategy(static _ => Directive.Stop);

    private readonly Func<Exception, Directive> decider;

    private protected SupervisorStrategy(int maxRestarts, TimeSpan within, Func<Exception, Directive>? decider)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxRestarts, -1);
        MaxRestarts = maxRestarts;
        Within = within;
        this.decider = decider ?? DefaultDecider;
    }

    /// <summary>Restarts granted within <see cref="Within"/>; -1 for no limit.</summary>
    public int MaxRestarts { get; }

    /// <summary>The window, or <see cref="Timeout.InfiniteTimeSpan"/> for the child's whole life.</summary>
    public TimeSpan Within { get; }

    /// <summary>Whether the verdict on one child is carried out on all.</summary>
    public abstract bool AppliesToAll { get; }

    public Directive Decide(Exception cause) => decider(cause);

    public static Directive DefaultDecider(Exception cause) => cause is ActorInitializationException or ActorKilledException or DeathPactException
        ? Directive.Stop
        : Directive.Restart;
}
