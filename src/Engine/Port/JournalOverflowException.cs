namespace Cluster.Engine.Port;

/// <summary>A <see cref="PersistentActor"/> persists faster than the disk takes it, or the disk takes nothing: it must refuse work until there is room.</summary>
public sealed class JournalOverflowException(string persistenceId, int events, long bytes)
    : InvalidOperationException($"'{persistenceId}' has {events} events of {bytes} bytes that wait for the disk: refuse work while {nameof(PersistentActor)}.IsBehind");
