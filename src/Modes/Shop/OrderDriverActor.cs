using Cluster.Engine.Port;
using Cluster.Modes.Hosting;
using Cluster.Shared.Results;

namespace Cluster.Modes.Shop;

/// <summary>
/// Whoever carries one order on, on one node: begins it in its log, or offers to carry on what another has left, and from then on goes by what the log says. It may die at any point: nothing that matters is
/// only here. Its client is told once.
/// </summary>
/// <typeparam name="TEntry">What the log takes.</typeparam>
/// <typeparam name="TTurn">How the order stands after it, as the log answers.</typeparam>
/// <param name="log">This node's way to the order's log.</param>
/// <param name="first">What begins it, or the offer.</param>
/// <param name="asker">The client; null where nobody waits here.</param>
internal abstract class OrderDriverActor<TEntry, TTurn>(IActorRef log, string order, TEntry first, IActorRef? asker) : Actor
    where TEntry : class
    where TTurn : class
{
    /// <summary>Before what was not answered is sent again: a failover of a shard takes some of them, and a shard without a majority is asked no more often than it can bear.</summary>
    protected static readonly TimeSpan AgainAfter = TimeSpan.FromMilliseconds(200);

    /// <summary>Times that a begin of unknown outcome is sent again while its client waits.</summary>
    private const int MostBegins = 5;

    private IActorRef? asker = asker;
    private int begins;
    private bool isKnown;

    /// <summary>The newest that the log was told.</summary>
    protected TEntry Entry { get; private set; } = first;

    protected bool IsWaitedFor => asker is not null;

    protected override void PreStart() => Write(Entry);

    protected override void Receive(object message)
    {
        switch (message)
        {
            case TTurn turn when WhyRefused(turn) is { } why:
                // Of one that is known, and of one that an earlier begin of unknown outcome may have begun, nobody can say that nothing has changed.
                End(isKnown || begins > 0 ? ModeAnswer.Failed(new ClusterError(ErrorCode.OutcomeUnknown, why)) : ModeAnswer.Conflict(why));
                break;
            case TTurn turn:
                var isFirst = !isKnown;
                isKnown = true;
                Turned(turn, isFirst);
                break;
            case EntityUnavailable unavailable when Sender.Equals(log):
                Retry(unavailable.Error);
                break;
            case EntityRefused refused when Sender.Equals(log):
                Retry(new ClusterError(ErrorCode.Conflict, refused.Reason));
                break;
            case WriteNow:
                Write(Entry);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    /// <summary>Why the log did not take the entry; null when it did, or knew it already.</summary>
    protected abstract string? WhyRefused(TTurn turn);

    /// <summary>How the order stands.</summary>
    /// <param name="isFirst">Whether this is the answer to what began it here.</param>
    protected abstract void Turned(TTurn turn, bool isFirst);

    /// <param name="after">Time that passes before.</param>
    protected void Write(TEntry entry, TimeSpan after = default)
    {
        Entry = entry;
        if (after > TimeSpan.Zero)
        {
            Timers.StartSingle(nameof(WriteNow), WriteNow.Instance, after);
        }
        else
        {
            log.Tell(new ToEntity(LogPartitions.NameOf(order), entry), Self);
        }
    }

    /// <summary>Tells the client, who is told no more after that.</summary>
    protected void Tell(ModeAnswer answer)
    {
        asker?.Tell(answer, Self);
        asker = null;
    }

    protected void End(ModeAnswer answer)
    {
        Tell(answer);
        Context.Stop(Self);
    }

    /// <summary>Only a begin can be given up: then there may be no order. What there is must end.</summary>
    private void Retry(ClusterError error)
    {
        if (isKnown || (error.Code == ErrorCode.OutcomeUnknown && ++begins < MostBegins))
        {
            Write(Entry, AgainAfter);
        }
        else
        {
            // An earlier begin of unknown outcome may be in the log, whatever the last one came to.
            End(ModeAnswer.Failed(begins == 0 ? error : new ClusterError(ErrorCode.OutcomeUnknown, error.Message)));
        }
    }

    private sealed class WriteNow
    {
        public static readonly WriteNow Instance = new();
    }
}
