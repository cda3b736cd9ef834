namespace Cluster.Engine.Sharding.Client;

/// <summary>
/// This node's sessions with one shard. A session's window is bounded, so a burst on one shard takes several sessions, opened as needed and kept for
/// the life of the process.
/// </summary>
internal sealed class ShardSessions(Func<ulong> newSessionId)
{
    /// <summary>Most sessions with one shard: with <see cref="SequenceWindow.Capacity"/> each, 16,000 writes under way to one shard.</summary>
    private const int MaxSessions = 16;

    private readonly List<(ulong Id, SequenceWindow Window)> sessions = [];

    /// <summary>Takes a sequence number in some session; false when all are full.</summary>
    public bool TryOpen(out ulong session, out ulong sequence)
    {
        foreach (var (id, window) in sessions)
        {
            if (window.TryOpen(out sequence))
            {
                session = id;
                return true;
            }
        }

        if (sessions.Count == MaxSessions)
        {
            (session, sequence) = (0, 0);
            return false;
        }

        sessions.Add((newSessionId(), new SequenceWindow()));
        session = sessions[^1].Id;
        return sessions[^1].Window.TryOpen(out sequence);
    }

    /// <summary>No attempt with this number will be made again.</summary>
    public void Close(ulong session, ulong sequence) => WindowOf(session).Close(sequence);

    /// <summary>Every number of the session below this one is closed.</summary>
    public ulong AcknowledgedBelow(ulong session) => WindowOf(session).AcknowledgedBelow;

    private SequenceWindow WindowOf(ulong session)
    {
        foreach (var (id, window) in sessions)
        {
            if (id == session)
            {
                return window;
            }
        }

        throw new InvalidOperationException($"session {session:x} was not opened here");
    }
}
