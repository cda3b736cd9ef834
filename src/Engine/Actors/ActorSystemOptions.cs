using Cluster.Engine.Actors.Dispatchers;
using Cluster.Engine.Actors.Remote;
using Cluster.Engine.Port;

namespace Cluster.Engine.Actors;

/// <summary>What an actor system is given: clock, random source, threads, bounds, and its link to other nodes.</summary>
public sealed record ActorSystemOptions
{
    /// <summary>Messages that may wait in one mailbox: some milliseconds of the fastest sender, a few MiB, so that a stuck actor is seen before memory is gone.</summary>
    public int MailboxCapacity { get; init; } = 100_000;

    /// <summary>Messages that one actor may stash: stashing is for short phases, and a full stash fails the actor.</summary>
    public int StashCapacity { get; init; } = 10_000;

    /// <summary>Messages handled in one run before another actor gets the thread: enough to make the change of actors cheap, short enough to be fair.</summary>
    public int Throughput { get; init; } = 128;

    /// <summary>How often a watch of an actor on another node is said again, because a lost message must not lose a Terminated for ever.</summary>
    public TimeSpan WatchRepeatInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Whether what waits for an ask goes on in the turn that answers it, not on a thread of the pool: a world of one thread has no other. Not for a node that
    /// serves: who waits could hold the answering actor up.
    /// </summary>
    public bool AnswersInline { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>The source that everything random is drawn from; one of an arbitrary seed when null.</summary>
    public Random? Random { get; init; }

    public IDispatcher Dispatcher { get; init; } = ThreadPoolDispatcher.Instance;

    /// <summary>Further dispatchers by the name that <see cref="Props.WithDispatcher"/> gives. The system shuts them down when it ends.</summary>
    public IReadOnlyDictionary<string, IDispatcher> Dispatchers { get; init; } = new Dictionary<string, IDispatcher>();

    /// <summary>The address other nodes know this system by. Goes with <see cref="RemoteSink"/>.</summary>
    public ActorAddress? Address { get; init; }

    /// <summary>Carries messages to other nodes; null for a system on its own.</summary>
    public IRemoteSink? RemoteSink { get; init; }

    /// <summary>Called for a dead letter that may be logged, with the number skipped since the last call. From any thread.</summary>
    public Action<DeadLetter, long>? DeadLetterLog { get; init; }

    /// <summary>Dead letters logged in one window; the others are counted only.</summary>
    public int DeadLetterLogsPerWindow { get; init; } = 10;

    public TimeSpan DeadLetterLogWindow { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Called for each failure of an actor, with what its supervisor decided. From any thread.</summary>
    public Action<ActorFailed>? FailureLog { get; init; }

    /// <exception cref="ArgumentException">A setting is out of range; the message says which.</exception>
    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(MailboxCapacity, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(StashCapacity, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Throughput, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(DeadLetterLogsPerWindow, 0);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(WatchRepeatInterval, TimeSpan.Zero);
        if (RemoteSink is not null && Address is null)
        {
            throw new ArgumentException($"A system with a {nameof(RemoteSink)} needs an {nameof(Address)}: without it others cannot answer");
        }
    }
}
