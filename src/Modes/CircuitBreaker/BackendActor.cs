using Cluster.Engine.Port;

namespace Cluster.Modes.CircuitBreaker;

/// <summary>The dependency that one node has: the shell of <see cref="BackendCore"/>. Proxies on all nodes call it, this one's too.</summary>
internal sealed class BackendActor : Actor
{
    public const string ActorName = "backend";

    private readonly string name;
    private readonly BackendCore core;
    private readonly Dictionary<long, IActorRef> callers = [];

    public BackendActor(string name, bool ignoresKeys)
    {
        this.name = name;
        core = new BackendCore(FormattableString.Invariant($"{Context.System.Random.NextInt64():x16}"), ignoresKeys);
    }

    protected override void Receive(object message)
    {
        var now = Context.System.Time.Elapsed();
        switch (message)
        {
            case Invoke invoke:
                callers.Add(core.Arrive(invoke, now, Context.System.Random.NextDouble()), Sender);
                break;
            case Due:
                core.Advance(now);
                break;
            case SetHealth set:
                core.Set(set.Health, now);
                Sender.Tell(new HealthIs(name, core.Life, core.Health), Self);
                break;
            case AskReceived asked:
                core.Advance(now);
                Sender.Tell(new ReceivedPage(name, core.Life, core.Log.First, core.Log.Last, core.Log.Page(asked.From)), Self);
                break;
            default:
                Unhandled(message);
                return;
        }

        while (core.TakeEffect() is { } ended)
        {
            if (callers.Remove(ended.Seq, out var caller) && ended.Reply is { } reply)
            {
                caller.Tell(reply, Self);
            }
        }

        if (core.Next is { } next)
        {
            Timers.StartSingle(nameof(Due), Due.Instance, next > now ? next - now : TimeSpan.Zero);
        }
    }

    private sealed record Due
    {
        public static readonly Due Instance = new();
    }
}
