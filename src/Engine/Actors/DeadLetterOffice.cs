using Cluster.Engine.Actors.Mailboxes;
using Cluster.Engine.Actors.Remote;
using Cluster.Engine.Port;

namespace Cluster.Engine.Actors;

/// <summary>
/// Where messages go that reach no actor. All are counted, all are published, and a bounded number per time window is logged:
/// a flood of dead letters must not become a flood of log lines.
/// </summary>
internal sealed class DeadLetterOffice(ActorSystem system) : InternalRef
{
    private readonly Lock gate = new();
    private long count;
    private long? windowStart;
    private int loggedInWindow;
    private long suppressed;

    public override ActorPath Path { get; } = ActorPath.Root.Child("deadLetters");

    public long Count => Interlocked.Read(ref count);

    protected override ActorSystem System => system;

    public override void Tell(object message, IActorRef? sender = null)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (message is DeadLetter letter)
        {
            Accept(letter);
        }
        else
        {
            Post(new Envelope(message, sender), this, DeadLetterReasons.SentToDeadLetters);
        }
    }

    public override void SendSystem(SystemMessage message)
    {
        if (message is WatchSignal watch)
        {
            watch.Watcher.SendSystem(new DeathSignal(watch.Watchee, existenceConfirmed: false, addressTerminated: false));
        }
    }

    public void Post(in Envelope envelope, IActorRef recipient, string reason)
    {
        // The runtime's own messages to the dead (a late timer tick, a second stop) concern nobody, and a watch is said again anyway.
        if (envelope.Message is IRuntimeMessage or WatchRemote)
        {
            return;
        }

        if (envelope.Message is DeadLetter)
        {
            // A subscriber that is itself gone: publishing again would never end.
            Interlocked.Increment(ref count);
            return;
        }

        Accept(new DeadLetter(envelope.Message, envelope.Sender, recipient, reason));
    }

    private void Accept(DeadLetter letter)
    {
        Interlocked.Increment(ref count);
        system.EventStream.Publish(letter);
        if (system.Options.DeadLetterLog is { } log && MayLog() is { } skipped)
        {
            system.Guarded(() => log(letter, skipped));
        }
    }

    /// <summary>The number of letters not logged since the last one that was, or null if this one is not logged either.</summary>
    private long? MayLog()
    {
        lock (gate)
        {
            var now = system.Time.GetTimestamp();
            if (windowStart is not { } start || system.Time.GetElapsedTime(start, now) >= system.Options.DeadLetterLogWindow)
            {
                windowStart = now;
                loggedInWindow = 0;
            }

            if (loggedInWindow == system.Options.DeadLetterLogsPerWindow)
            {
                suppressed++;
                return null;
            }

            loggedInWindow++;
            var skipped = suppressed;
            suppressed = 0;
            return skipped;
        }
    }
}
