using Cluster.Engine.Port;
using Cluster.Modes.Hosting;
using Cluster.Shared.Results;
using Cluster.Shared.Wire;

namespace Cluster.Modes.Streams;

/// <summary>One client's request that takes several questions, one after the other, to entities and to the durable log: answers the client once, and ends. What it cannot go on from ends it with the reason.</summary>
internal abstract class LogConversation(IDurableLog log, IActorRef client) : Actor
{
    private Action<object>? next;
    private string? done;

    protected override void Receive(object message)
    {
        switch (message)
        {
            case EntityRefused or EntityUnavailable:
                Fail(ModeAnswer.Of(message));
                break;
            case LogUnavailable unavailable:
                Fail(ModeAnswer.Failed(unavailable.Error));
                break;
            default:
                Go(message);
                break;
        }
    }

    /// <summary>Asks an entity and goes on with its reply.</summary>
    protected void Ask<TReply>(IShardRegion region, string id, object command, Action<TReply> then)
    {
        next = reply => then((TReply)reply);
        region.Tell(new ToEntity(id, command), Self);
    }

    /// <summary>Asks the log and goes on with its reply if it is one of success.</summary>
    protected void Ask(LogCommand command, Action<LogReply> then, bool isStale = false) => AskWhatever(
        command,
        reply =>
        {
            if (LogAnswers.Refusal(reply) is { } refusal)
            {
                Fail(refusal);
            }
            else
            {
                then(reply);
            }
        },
        isStale);

    /// <summary>Asks the log and goes on with whatever it says.</summary>
    protected void AskWhatever(LogCommand command, Action<LogReply> then, bool isStale = false)
    {
        next = reply => then((LogReply)reply);
        log.Tell(command, Self, isStale);
    }

    /// <summary>Something has taken effect and stays, whatever becomes of the questions that follow.</summary>
    /// <param name="what">A clause for the client.</param>
    protected void HasDone(string what) => done = done is null || done == what ? what : $"{done}, and {what}";

    /// <summary>Ends it with what it cannot go on from. That says "no effect" of its own question, and not of those before it.</summary>
    protected virtual void Fail(ModeAnswer failure) =>
        Answer(done is null ? failure : ModeAnswer.Failed(new ClusterError(ErrorCode.OutcomeUnknown, $"{done}; what was to follow was not served: {failure.Error!.Message}")));

    protected void Wait(TimeSpan time, Action then)
    {
        next = _ => then();
        Timers.StartSingle(nameof(Wait), Waited.Instance, time);
    }

    protected void Answer(ModeAnswer answer)
    {
        client.Tell(answer, Self);
        Context.Stop(Self);
    }

    private void Go(object message)
    {
        var then = next ?? throw new InvalidOperationException($"{message.GetType().Name} answers nothing that was asked");
        next = null;
        then(message);
    }

    private sealed class Waited
    {
        public static readonly Waited Instance = new();
    }
}
