namespace Cluster.Engine.Port;

/// <summary>
/// Keeps one child alive, and gives it more and more time between two lives: min, 2 min, 4 min ... up to max, each stretched by a random
/// share so that many such children do not come back in step. A life longer than the last pause starts the row anew.
/// Messages pass through to the child, and the child's messages to its parent pass on upwards; while there is no child they go to dead letters.
/// </summary>
public sealed class BackoffSupervisor : Actor
{
    private const int MaxDoublings = 30;

    private readonly Props childProps;
    private readonly string childName;
    private readonly TimeSpan min;
    private readonly TimeSpan max;
    private readonly double randomFactor;
    private IActorRef? child;
    private long startedAt;
    private TimeSpan lastDelay;
    private int failures;

    private BackoffSupervisor(Props childProps, string childName, TimeSpan min, TimeSpan max, double randomFactor)
    {
        this.childProps = childProps;
        this.childName = childName;
        this.min = min;
        this.max = max;
        this.randomFactor = randomFactor;
    }

    protected override SupervisorStrategy SupervisorStrategy => SupervisorStrategy.Stopping;

    /// <param name="randomFactor">Up to this share is added to each pause, 0 to 1.</param>
    public static Props Props(Props child, string name, TimeSpan min, TimeSpan max, double randomFactor = 0.2)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(min, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(max, min);
        ArgumentOutOfRangeException.ThrowIfNegative(randomFactor);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(randomFactor, 1);
        return Port.Props.Create(() => new BackoffSupervisor(child, name, min, max, randomFactor));
    }

    protected override void PreStart() => StartChild();

    protected override void Receive(object message)
    {
        switch (message)
        {
            case Terminated terminated when terminated.Actor.Equals(child):
                child = null;
                Timers.StartSingle(nameof(StartChild), StartAgain.Instance, NextDelay());
                break;
            case StartAgain:
                StartChild();
                break;
            case var _ when child is null:
                Context.System.DeadLetters.Tell(new DeadLetter(message, Sender, Self, "the child pauses before its next life"));
                break;
            case var _ when Sender.Equals(child):
                Context.Parent.Tell(message, Self);
                break;
            default:
                child.Tell(message, Sender);
                break;
        }
    }

    private void StartChild()
    {
        child = Context.Watch(Context.ActorOf(childProps, childName));
        startedAt = Context.System.Time.GetTimestamp();
    }

    private TimeSpan NextDelay()
    {
        if (Context.System.Time.GetElapsedTime(startedAt) > lastDelay)
        {
            failures = 0;
        }

        var doubled = min * Math.Pow(2, Math.Min(failures++, MaxDoublings));
        lastDelay = (doubled < max ? doubled : max) * (1 + (Context.System.Random.NextDouble() * randomFactor));
        return lastDelay;
    }

    private sealed class StartAgain
    {
        public static readonly StartAgain Instance = new();
    }
}
