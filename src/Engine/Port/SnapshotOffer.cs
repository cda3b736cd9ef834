using System.Diagnostics.CodeAnalysis;

namespace Cluster.Engine.Port;

/// <summary>The state that a <see cref="PersistentActor"/> begins its recovery from.</summary>
/// <param name="SequenceNr">The last event that it stands for.</param>
/// <param name="Snapshot">What <see cref="PersistentActor.TakeSnapshot"/> gave.</param>
[SuppressMessage("Performance", "CA1819", Justification = "The receiver's own")]
public sealed record SnapshotOffer(ulong SequenceNr, byte[] Snapshot);
