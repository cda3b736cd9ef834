namespace Cluster.Modes.PeerToPeer;

/// <summary>A lookup that is under way, what it is for, and what the asked peers said of the key.</summary>
/// <param name="key">Null: only peers are looked for.</param>
/// <param name="wantsValue">Whether values are asked for, and not only their tags.</param>
/// <param name="enough">So many copies end it before it has found the nearest; 0: none do.</param>
/// <param name="began">On the monotonic clock.</param>
/// <param name="done">Called once, at the end.</param>
internal sealed class RunningLookup(Lookup lookup, string? key, bool wantsValue, int enough, TimeSpan began, Action<RunningLookup> done)
{
    private readonly SortedDictionary<string, (StoredCopy? Copy, CopyTag Tag)> said = new(StringComparer.Ordinal);
    private bool isOver;

    public Lookup Lookup => lookup;

    public TimeSpan Began => began;

    /// <summary>The newest value that was seen; null where none was.</summary>
    public StoredCopy? Newest => said.Values.Select(told => told.Copy).Where(copy => copy is not null).MaxBy(copy => copy!.Tag);

    /// <summary>The highest tag that was seen.</summary>
    public CopyTag? Highest => said.Values.Select(told => told.Tag).Max();

    public Find Question(long id) => new(id, lookup.Target, key, wantsValue);

    /// <summary>What a peer has of the key; null for nothing.</summary>
    public CopyTag? TagOf(string peer) => said.GetValueOrDefault(peer).Tag;

    public void Said(string peer, StoredCopy? copy, CopyTag? tag)
    {
        if (tag is not null)
        {
            said[peer] = (copy, tag);
        }
    }

    /// <summary>Ends it if it has what it was for.</summary>
    /// <returns>Whether it is over.</returns>
    public bool EndIfDone()
    {
        if (!isOver && (lookup.IsDone || (enough > 0 && said.Count >= enough)))
        {
            isOver = true;
            done(this);
        }

        return isOver;
    }
}
