namespace Cluster.Modes.PeerToPeer;

/// <summary>The copies that one peer keeps. A newer one takes the place of an older one, whichever came first.</summary>
/// <param name="keepsWhatComesLast">Only in a broken variant: whichever came last stays.</param>
/// <param name="most">A full store takes newer copies of what it has, and nothing else.</param>
internal sealed class CopyStore(bool keepsWhatComesLast = false, int most = CopyStore.MostCopies)
{
    /// <summary>Copies of one peer; all are held in memory.</summary>
    public const int MostCopies = 100_000;

    private readonly SortedDictionary<string, StoredCopy> copies = new(StringComparer.Ordinal);

    public int Count => copies.Count;

    public IReadOnlyCollection<StoredCopy> All => copies.Values;

    public StoredCopy? Find(string key) => copies.GetValueOrDefault(key);

    /// <summary>Whether this copy would be kept.</summary>
    public bool Wants(string key, CopyTag tag) => copies.TryGetValue(key, out var had) ? keepsWhatComesLast ? tag != had.Tag : tag > had.Tag : copies.Count < most;

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

    /// <summary>What is to be said to an offer: what is wanted, what there is no room for, and what is here newer.</summary>
    /// <param name="charsMax">Of the newer ones that are sent along, by <see cref="SizeOf"/>; one goes whatever its size.</param>
    public OfferAnswer Judge(Offer offer, int charsMax)
    {
        var (wanted, refused, newer, chars, isMore) = (new List<string>(), new List<string>(), new List<StoredCopy>(), 0, false);
        foreach (var tag in offer.Tags)
        {
            if (Wants(tag.Key, tag.Tag))
            {
                wanted.Add(tag.Key);
            }
            else if (Find(tag.Key) is not { } mine)
            {
                refused.Add(tag.Key);
            }
            else if (mine.Tag > tag.Tag)
            {
                isMore |= chars + SizeOf(mine) > charsMax && newer.Count > 0;
                if (!isMore)
                {
                    newer.Add(mine);
                    chars += SizeOf(mine);
                }
            }
        }

        return new OfferAnswer(offer.Id, wanted, refused, newer, isMore);
    }

    /// <summary>Characters that a copy takes in a message, about.</summary>
    public static int SizeOf(StoredCopy copy) => copy.Key.Length + (copy.Value?.Length ?? 0) + 100;

    /// <summary>Others have it, and are nearer.</summary>
    public void Drop(string key, CopyTag tag)
    {
        if (copies.TryGetValue(key, out var had) && had.Tag == tag)
        {
            copies.Remove(key);
        }
    }
}
