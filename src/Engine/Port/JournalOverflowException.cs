namespace Cluster.Engine.Port;

/// <summary>A <see cref="PersistentActor"/> persists faster than the disk takes it, or the disk takes nothing: it must refuse work until there is room.</summary>
public sealed class JournalOverflowException(string persistenceId, int limit)
    : InvalidOperationException($"'{persistenceId}' has {limit} events that wait for the disk: refuse work while {nameof(PersistentActor)}.PendingEvents is near that");
