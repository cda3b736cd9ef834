namespace Cluster.Engine.KeyValue;

/// <summary>Walks a keyspace and the changes under way over it as one: a changed key shows its proposed record, or not at all if it is to go.</summary>
internal sealed class KeyValueScan
{
    private readonly KeyspaceCursor applied;
    private readonly List<KeyValuePair<byte[], KvRecord?>> changes;
    private int nextChange;
    private bool hasApplied;

    /// <param name="changes">In key order.</param>
    public KeyValueScan(Keyspace keys, List<KeyValuePair<byte[], KvRecord?>> changes, ReadOnlySpan<byte> from)
    {
        this.changes = changes;
        while (nextChange < changes.Count && changes[nextChange].Key.AsSpan().SequenceCompareTo(from) < 0)
        {
            nextChange++;
        }

        applied = keys.Seek(from);
        hasApplied = applied.MoveNext();
    }

    public KvRecord? Next()
    {
        while (true)
        {
            if (nextChange == changes.Count)
            {
                return hasApplied ? TakeApplied() : null;
            }

            var order = hasApplied ? applied.Current.Key.AsSpan().SequenceCompareTo(changes[nextChange].Key) : 1;
            if (order < 0)
            {
                return TakeApplied();
            }

            if (order == 0)
            {
                hasApplied = applied.MoveNext();
            }

            if (changes[nextChange++].Value is { } record)
            {
                return record;
            }
        }
    }

    private KvRecord TakeApplied()
    {
        var record = applied.Current;
        hasApplied = applied.MoveNext();
        return record;
    }
}
