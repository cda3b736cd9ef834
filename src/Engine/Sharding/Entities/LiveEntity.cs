namespace Cluster.Engine.Sharding.Entities;

/// <summary>One entity that is awake in one replica.</summary>
internal sealed class LiveEntity<TState>
    where TState : notnull
{
    private TState? proposed;

    public LiveEntity(string id, TState applied, bool exists)
    {
        (Id, Applied, Exists) = (id, applied, exists);
        ByUse = new LinkedListNode<LiveEntity<TState>>(this);
    }

    public string Id { get; }

    /// <summary>The state as of the last applied event.</summary>
    public TState Applied { get; set; }

    /// <summary>Whether an event of it was ever applied.</summary>
    public bool Exists { get; set; }

    /// <summary>Whether its stored bytes are older than <see cref="Applied"/>.</summary>
    public bool Unsaved { get; set; }

    /// <summary>The log index of its last proposed event that is not applied yet; 0 when there is none.</summary>
    public ulong ProposedIndex { get; private set; }

    /// <summary>What the next decision rests on: everything proposed so far.</summary>
    public TState Expected => ProposedIndex == 0 ? Applied : proposed!;

    /// <summary>When it was last asked or changed, Unix time in milliseconds.</summary>
    public long LastUsedMs { get; set; }

    /// <summary>Its place among all that are awake, the longest idle first.</summary>
    public LinkedListNode<LiveEntity<TState>> ByUse { get; }

    public void Propose(ulong index, TState state) => (ProposedIndex, proposed) = (index, state);

    public void ForgetProposed() => (ProposedIndex, proposed) = (0, default);
}
