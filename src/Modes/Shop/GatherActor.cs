using Cluster.Engine.Port;
using Cluster.Modes.Hosting;

namespace Cluster.Modes.Shop;

/// <summary>Asks several entities at once, and again if need be, and answers one client from their replies; then it ends. Every question is answered, since a region answers each.</summary>
public sealed class GatherActor(IActorRef asker, GatherStep first) : Actor
{
    private GatherStep step = first;
    private object?[] replies = [];
    private int missing;

    protected override void PreStart() => Take(step);

    protected override void Receive(object message)
    {
        switch (message)
        {
            case Go:
                Ask();
                break;
            case Reply reply:
                replies[reply.Index] = reply.Value;
                if (--missing == 0)
                {
                    Take(step.Then!(replies!));
                }

                break;
            default:
                Unhandled(message);
                break;
        }
    }

    /// <summary>Whoever fails here fails for this one client, who is told.</summary>
    protected override void PreRestart(Exception reason, object? message)
    {
        base.PreRestart(reason, message);
        asker.Tell(ModeAnswer.Unavailable($"the replies could not be read: {reason.Message}"), Self);
        Context.Stop(Self);
    }

    private void Take(GatherStep next)
    {
        step = next;
        if (step.Answer is { } answer)
        {
            asker.Tell(answer, Self);
            Context.Stop(Self);
        }
        else if (step.After > TimeSpan.Zero)
        {
            Timers.StartSingle("go", Go.Instance, step.After);
        }
        else
        {
            Ask();
        }
    }

    private void Ask()
    {
        replies = new object?[step.Questions.Count];
        missing = replies.Length;
        foreach (var (index, question) in step.Questions.Index())
        {
            Context.ActorOf(Props.Create(() => new OneActor(index, question)));
        }
    }

    private sealed record Reply(int Index, object Value);

    private sealed class Go
    {
        public static readonly Go Instance = new();
    }

    /// <summary>A region's reply does not say which question it answers: who receives it does.</summary>
    private sealed class OneActor(int index, Question question) : Actor
    {
        protected override void PreStart() => question.Region.Tell(new ToEntity(question.EntityId, question.Command), Self);

        protected override void Receive(object message)
        {
            Context.Parent.Tell(new Reply(index, message), Self);
            Context.Stop(Self);
        }
    }
}
