using Cluster.Shared.Wire;

namespace Cluster.Engine.KeyValue;

/// <summary>One decided event, and what it leaves of its key.</summary>
/// <param name="Key">The event's; empty for one that is of all keys.</param>
/// <param name="Value">The event's: the whole value of a put, the suffix of an append, the new bytes of a patch; else empty.</param>
/// <param name="ExpiresAtMs">The event's: 0 where it sets none.</param>
/// <param name="Record">The key's record after the event; null: the key goes.</param>
/// <param name="Offset">Where a patch begins.</param>
internal readonly record struct KeyValueChange(KvEventKind Kind, byte[] Key, byte[] Value, long ExpiresAtMs, KvRecord? Record, int Offset = 0);
