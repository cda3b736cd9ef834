using Cluster.Engine.Port;
using Cluster.Modes.Hosting;
using Cluster.Shared.Results;

namespace Cluster.Modes.Lock;

/// <summary>
/// A request for a lock that may wait for its turn. Its place stands in the lock's queue, so it survives this node; what is here is a client that listens. It asks again when it is told
/// that it is its turn, when that may be at the earliest, and often enough to keep its place: never all waiters at once.
/// </summary>
/// <param name="wait">After it the client hears that it still waits, and has its place.</param>
internal sealed class AcquireActor(string name, IShardRegion region, IActorRef client, Acquire acquire, TimeSpan wait) : LockRequestActor(name, region, client)
{
    /// <summary>Behind the instant at which a lease is over by the leader's clock, and spread, so that one ask is enough and waiters of several locks do not march in step.</summary>
    private static readonly TimeSpan Behind = TimeSpan.FromMilliseconds(20);

    /// <summary>Before it asks again where nobody could be asked.</summary>
    private static readonly TimeSpan RetryAfter = TimeSpan.FromMilliseconds(200);

    private bool isAsking;
    private bool isWoken;
    private bool isOver;
    private LockReply? last;

    protected override void PreStart()
    {
        WaitFor(wait);
        AskAgain();
    }

    protected override void Receive(object message)
    {
        switch (message)
        {
            case WaitIsOver:
                isOver = true;
                Conclude();
                break;
            case LockFreed when isAsking:
                isWoken = true; // What is under way was decided before, perhaps.
                break;
            case LockFreed or ItMayBeTime:
                AskAgain();
                break;
            default:
                base.Receive(message);
                break;
        }
    }

    protected override void Replied(object reply)
    {
        isAsking = false;
        last = (LockReply)reply;
        if (last.Outcome != LockOutcome.Waiting || isOver)
        {
            Conclude();
        }
        else if (isWoken)
        {
            AskAgain();
        }
        else
        {
            var keep = (acquire.Keep > TimeSpan.Zero ? acquire.Keep : LockOperations.UsualKeep) / 3; // Two of three signs of life may be lost; a place that somebody else keeps needs none.
            var next = (last.Left < keep ? last.Left : keep) + (Behind * (0.5 + Context.System.Random.NextDouble()));
            Timers.StartSingle(nameof(ItMayBeTime), ItMayBeTime.Instance, next);
        }
    }

    /// <summary>
    /// Only of the first ask does it say what became of the request. After that there is a place in the queue, and who is told that the request had no effect will not give it up, nor ask again with it.
    /// </summary>
    protected override void NotServed(object why)
    {
        isAsking = false;
        if (last is not { } known)
        {
            base.NotServed(why);
        }
        else if (why is EntityUnavailable { Error: { Code: ErrorCode.OutcomeUnknown } error })
        {
            Answer(ModeAnswer.Failed(error with { Message = $"{acquire.Session} had place {known.Place} with ticket {known.Ticket}, and may have the lock by now: ask again, or withdraw; {error.Message}" }));
        }
        else if (isOver)
        {
            Conclude();
        }
        else
        {
            Timers.StartSingle(nameof(ItMayBeTime), ItMayBeTime.Instance, RetryAfter);
        }
    }

    private void AskAgain()
    {
        if (!isAsking)
        {
            Timers.Cancel(nameof(ItMayBeTime));
            (isAsking, isWoken) = (true, false);
            Ask(acquire with { Ticket = last?.Ticket, Door = acquire.Keep > TimeSpan.Zero ? Self.Path.WithAddress(Context.System.Address).ToString() : null });
        }
    }

    /// <summary>Answers by what is known, unless the newest is on its way: it might be the lock.</summary>
    private void Conclude()
    {
        if (!isAsking && last is { } reply)
        {
            Answer(reply.Outcome == LockOutcome.Refused ? ModeAnswer.Conflict(reply.Why!) : ModeAnswer.Ok(LockAnswers.Of(Name, reply), LockJson.Default.LockAnswer));
        }
    }

    private sealed record ItMayBeTime
    {
        public static readonly ItMayBeTime Instance = new();
    }
}
