namespace Cluster.Modes.PeerToPeer;

/// <summary>The copies that one peer keeps. A newer one takes the place of an older one, whichever came first.</summary>
/// <param name="keepsWhatComesLast">Only in a broken variant: whichever came last stays.</param>
internal sealed class CopyStore(bool keepsWhatComesLast = false)
{
    /// <summary>Copies of one peer; all are held in memory.</summary>
    public const int MostCopies = 100_000;

    private readonly SortedDictionary<string, StoredCopy> copies = new(StringComparer.Ordinal);

    public int Count => copies.Count;

    public IReadOnlyCollection<StoredCopy> All => copies.Values;

    public StoredCopy? Find(string key) => copies.GetValueOrDefault(key);

    /// <summary>Whether this copy would be kept.</summary>
    public bool Wants(string key, CopyTag tag) => copies.TryGetValue(key, out var had) ? keepsWhatComesLast ? tag != had.Tag : tag > had.Tag : copies.Count < MostCopies;

    /// <summary>A copy was offered.</summary>
    /// <returns>Whether it was kept.</returns>
    public bool Take(StoredCopy copy)
    {
        if (!Wants(copy.Key, copy.Tag))
        {
            return false;
        }

        copies[copy.Key] = copy;
        return true;
    }

    /// <summary>Others have it, and are nearer.</summary>
    public void Drop(string key, CopyTag tag)
    {
        if (copies.TryGetValue(key, out var had) && had.Tag == tag)
        {
            copies.Remove(key);
        }
    }
}
