namespace Cluster.Engine.KeyValue;

/// <summary>What becomes of one key; null: it goes.</summary>
internal readonly record struct KeyValueChange(byte[] Key, KvRecord? Record);
