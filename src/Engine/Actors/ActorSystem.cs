using System.Security.Cryptography;
using Cluster.Engine.Actors.Cells;
using Cluster.Engine.Actors.Dispatchers;
using Cluster.Engine.Persistence;
using Cluster.Engine.Port;

namespace Cluster.Engine.Actors;

/// <summary>
/// The embedded engine's actor system. It owns no thread and reads no clock of its own: threads come from its dispatchers, time and chance from
/// its options; on a <see cref="ManualDispatcher"/> with a virtual clock and a seed its every run is the same.
/// </summary>
public sealed partial class ActorSystem : IActorSystem
{
    private readonly TaskCompletionSource terminated = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly LocalRef root;
    private readonly LocalRef userGuardian;
    private readonly LocalRef systemGuardian;
    private int terminating;

    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public ActorSystem(string name, ActorSystemOptions? options = null)
    {
        Options = options ?? new ActorSystemOptions();
        Options.Validate();
        Name = name;
        Random = new LockedRandom(Options.Random ?? new Random(RandomNumberGenerator.GetInt32(int.MaxValue)));
        DeadLetterOffice = new DeadLetterOffice(this);
        Promises = new PromiseTable(this);
        root = ActorCell.StartUnder(this, new RootParent(this), ActorPath.Root, Props.Create(static () => new RootGuardian()));
        userGuardian = (LocalRef)root.Cell.ActorOf(Props.Create(static () => new Guardian()), "user");
        systemGuardian = (LocalRef)root.Cell.ActorOf(Props.Create(static () => new Guardian()), "system");
        remoteWatcher = StartRemoteWatcher();
    }

    public string Name { get; }

    public ActorAddress? Address => Options.Address;

    public IEventStream EventStream { get; } = new EventStream();

    public IActorRef DeadLetters => DeadLetterOffice;

    /// <summary>How many messages reached no actor since the start.</summary>
    public long DeadLetterCount => DeadLetterOffice.Count;

    public TimeProvider Time => Options.Time;

    public Random Random { get; }

    public Task WhenTerminated => terminated.Task;

    internal ActorSystemOptions Options { get; }

    internal DeadLetterOffice DeadLetterOffice { get; }

    internal PromiseTable Promises { get; }

    /// <summary>The journal of the node that this is the actor system of; null where there is no node.</summary>
    internal JournalAccess? Journal { get; set; }

    public IActorRef ActorOf(Props props, string? name = null) => userGuardian.Cell.ActorOf(props, name);

    public void Stop(IActorRef actor)
    {
        // Its parent's bookkeeping is the parent's: from outside, the actor is told and the parent learns of the end.
        var target = Own(actor);
        if (target is LocalRef local)
        {
            local.SendSystem(new Mailboxes.StopSignal());
        }
        else
        {
            target.Tell(PoisonPill.Instance);
        }
    }

    public Task TerminateAsync()
    {
        if (Interlocked.Exchange(ref terminating, 1) == 0)
        {
            root.Tell(new RootGuardian.BeginTermination(userGuardian, systemGuardian));
        }

        return WhenTerminated;
    }

    /// <summary>Starts an actor of the engine's own, under <c>/system</c>: it outlives the users' actors.</summary>
    internal IActorRef SystemActorOf(Props props, string name) => systemGuardian.Cell.ActorOf(props, name);

    /// <summary>Uids are drawn, not counted: a node that starts again must not use those of its former life.</summary>
    internal long NextUid() => Random.NextInt64(1, long.MaxValue);

    internal IDispatcher DispatcherNamed(string? name, ActorPath wantedBy) =>
        name is null ? Options.Dispatcher
        : Options.Dispatchers.TryGetValue(name, out var dispatcher) ? dispatcher
        : throw new ArgumentException($"{wantedBy} wants the dispatcher '{name}', but this system has only: {string.Join(", ", Options.Dispatchers.Keys.Order(StringComparer.Ordinal))}");

    internal InternalRef Own(IActorRef actor) => actor as InternalRef
        ?? throw new ArgumentException($"{actor.Path} is a reference of another engine ({actor.GetType().Name})", nameof(actor));

    internal void Report(ActorFailed failure)
    {
        EventStream.Publish(failure);
        if (Options.FailureLog is { } log)
        {
            Guarded(() => log(failure));
        }
    }

    /// <summary>Calls the host's logging; a logger that throws must not take an actor, let alone the process, with it.</summary>
    internal void Guarded(Action log)
    {
        try
        {
            log();
        }
        catch (Exception)
        {
            // Nobody is left to tell.
        }
    }

    internal void OnRootStopped() => _ = EndAsync();

    private async Task EndAsync()
    {
        foreach (var dispatcher in Options.Dispatchers.Values.Append(Options.Dispatcher).Distinct())
        {
            await dispatcher.ShutdownAsync().ConfigureAwait(false);
        }

        terminated.TrySetResult();
    }
}
