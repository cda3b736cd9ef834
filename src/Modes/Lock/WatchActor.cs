using Cluster.Engine.Port;

namespace Cluster.Modes.Lock;

/// <summary>A long poll: answers when the lock's holder has changed since a revision, or after the wait, with how things stand then.</summary>
internal sealed class WatchActor(string name, IShardRegion region, IActorRef client, long revision, TimeSpan wait) : LockRequestActor(name, region, client)
{
    /// <summary>Between two looks. What happens through this node is seen at once; through another one, or by time alone, after this.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    private bool isAsking;
    private bool isWoken;
    private bool isOver;

    protected override void PreStart()
    {
        Context.System.EventStream.Subscribe(Self, typeof(LockSeen));
        WaitFor(wait);
        Look(new Show());
    }

    protected override void Receive(object message)
    {
        switch (message)
        {
            case WaitIsOver:
                isOver = true;
                Look(new Show());
                break;
            case LookAgain:
                Look(new Show());
                break;
            case LockSeen seen:
                if (seen.Name == Name && seen.Revision > revision)
                {
                    isWoken = isAsking; // What is under way may have been read before.
                    Look(new Show());
                }

                break;
            default:
                base.Receive(message);
                break;
        }
    }

    protected override void Replied(object reply)
    {
        isAsking = false;
        switch (reply)
        {
            case LockView { IsDue: true }:
                Look(new NoteTime()); // A lease that ended while nobody asked is news too, and has a revision once it is written down.
                break;
            case LockView view when view.Revision > revision || isOver:
                Answer(LockAnswers.Of(view));
                break;
            case var _ when reply is LockReply || isWoken:
                Look(new Show());
                break;
            default:
                Timers.StartSingle(nameof(LookAgain), LookAgain.Instance, Interval * (0.8 + (0.4 * Context.System.Random.NextDouble())));
                break;
        }
    }

    private void Look(LockCommand how)
    {
        if (!isAsking)
        {
            (isAsking, isWoken) = (true, false);
            Timers.Cancel(nameof(LookAgain));
            Ask(how);
        }
    }

    private sealed record LookAgain
    {
        public static readonly LookAgain Instance = new();
    }
}
