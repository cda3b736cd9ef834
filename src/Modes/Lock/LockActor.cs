using System.Diagnostics.Metrics;
using Cluster.Engine.Port;
using Cluster.Modes.Hosting;
using Cluster.Shared.Results;

namespace Cluster.Modes.Lock;

/// <summary>The locks' door on one node: a child for each request, so that one that waits holds nobody up. It keeps nothing: any node serves any lock.</summary>
internal sealed class LockActor : Actor
{
    public const string NoFencing = "lock-no-fencing";
    public const string TokenReused = "lock-token-reused";

    /// <summary>Requests of one node at a time, most of which wait for their turn; each is an actor and a timer or two.</summary>
    private const int MaxRequests = 2_000;

    private readonly IModeNode node;
    private readonly IShardRegion locks;
    private readonly IShardRegion resources;
    private readonly Counter<long> fenced;
    private readonly bool isUnfenced;
    private readonly bool returnsTokens;
    private int open;

    public LockActor(IModeNode node)
    {
        this.node = node;
        locks = node.Sharding.Start(LockCore.Type);
        resources = node.Sharding.Start(ResourceCore.Type);
        fenced = node.Meter.CreateCounter<long>("lock.fenced", "{access}", "Accesses that a resource refused because their token was too old");
        (isUnfenced, returnsTokens) = (node.HasFlaw(NoFencing), node.HasFlaw(TokenReused));
    }

    /// <summary>A request that fails is not begun again: its client may have had the lock by it.</summary>
    protected override SupervisorStrategy SupervisorStrategy => SupervisorStrategy.Stopping;

    protected override void Receive(object message)
    {
        switch (message)
        {
            case ModeRequest when open == MaxRequests:
                Sender.Tell(ModeAnswer.Failed(new ClusterError(ErrorCode.Overloaded, $"{node.Name} has {MaxRequests} requests for locks under way, the most it may: ask another node, or later")), Self);
                break;
            case ModeRequest request:
                open++;
                Context.Watch(Context.ActorOf(Serve(request, Sender)));
                break;
            case Terminated:
                open--;
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private Props Serve(ModeRequest request, IActorRef client)
    {
        var name = request.Text("name");
        return request.Operation switch
        {
            "acquire" => Props.Create(() => new AcquireActor(name, locks, client, AcquireOf(request), request.Duration("wait"))),
            "watch" => Props.Create(() => new WatchActor(name, locks, client, request.Number("revision"), request.Duration("wait"))),
            "show" => Call(name, locks, client, new Show(), reply => LockAnswers.Of((LockView)reply)),
            "renew" => Call(name, locks, client, new Renew(request.Number("token"), request.Duration("lease")), reply => ModeAnswer.Ok(LockAnswers.Of(name, (LockReply)reply), LockJson.Default.LockAnswer)),
            "release" => Call(name, locks, client, new Release(request.Number("token"), request.Find("attempt"), returnsTokens), reply => Released(name, (LockReply)reply)),
            "withdraw" => Call(name, locks, client, new Withdraw(request.Text("session"), request.Find("attempt")), reply => Withdrawn(name, (LockReply)reply)),
            "access" => Call(name, resources, client, new Access(request.Number("token"), request.Find("value") ?? "", isUnfenced), reply => Accessed(name, (ResourceState)reply), Fenced),
            "read" => Call(name, resources, client, new ReadResource(), reply => Read(name, (ResourceState)reply)),
            _ => throw new ArgumentException($"a lock has no operation {request.Operation}", nameof(request)),
        };
    }

    /// <summary>A place is kept for those who say so, or who wait: one that is not kept at all is no place to wait at, so a wait keeps it for as long as it lasts.</summary>
    internal static Acquire AcquireOf(ModeRequest request)
    {
        var wait = request.Duration("wait");
        var keep = request.Find("keep") is null ? wait > TimeSpan.Zero ? LockOperations.UsualKeep : TimeSpan.Zero
            : request.Duration("keep") is var asked && asked > TimeSpan.Zero ? asked : wait;
        return new Acquire(request.Text("session"), request.Find("attempt"), request.Duration("lease"), request.Duration("lock-delay"), keep, null);
    }

    private static Props Call(string name, IShardRegion region, IActorRef client, object command, Func<object, ModeAnswer> answer, Action<string>? refused = null) =>
        Props.Create(() => new CallActor(name, region, client, command, answer, refused));

    private static ModeAnswer Released(string name, LockReply reply) => ModeAnswer.Ok(new ReleaseAnswer(name, reply.Token, reply.Count, reply.Revision), LockJson.Default.ReleaseAnswer);

    private static ModeAnswer Withdrawn(string name, LockReply reply) => ModeAnswer.Ok(new WithdrawAnswer(name, reply.Session!, reply.Revision), LockJson.Default.WithdrawAnswer);

    private static ModeAnswer Accessed(string name, ResourceState state) => ModeAnswer.Ok(new AccessAnswer(name, state.NewestToken, state.Accesses, state.Value), LockJson.Default.AccessAnswer);

    private static ModeAnswer Read(string name, ResourceState state) =>
        state.Accesses == 0 ? ModeAnswer.NotFound($"nobody has ever used what the lock '{name}' guards") : Accessed(name, state);

    /// <summary>What fencing is for has happened: worth a line to whoever watches.</summary>
    private void Fenced(string why)
    {
        fenced.Add(1);
        node.Tell(why);
    }
}
