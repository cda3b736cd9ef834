namespace Cluster.Modes.Quorum;

/// <summary>The last writes with a context that a replica has decided on, so that the same again, late or sent twice, has the same answer and no other effect. Bounded by <see cref="QuorumBounds.MostRecent"/>.</summary>
internal sealed class RecentWrites
{
    private readonly Queue<long> order = new();

    /// <summary>Why each was refused; null: it was numbered.</summary>
    private readonly Dictionary<long, string?> refusals = [];

    /// <summary>The oldest first.</summary>
    public IEnumerable<long> Numbered => order.Where(HasNumbered);

    /// <summary>The oldest first.</summary>
    public IEnumerable<VersionRefused> Refused => order.Where(write => !HasNumbered(write)).Select(write => new VersionRefused(write, refusals[write]!));

    public bool HasNumbered(long write) => refusals.TryGetValue(write, out var why) && why is null;

    /// <summary>Null where it was not refused.</summary>
    public string? WhyRefused(long write) => refusals.GetValueOrDefault(write);

    /// <param name="why">Why it was refused; null: it was numbered.</param>
    public void Remember(long write, string? why = null)
    {
        if (!refusals.TryAdd(write, why))
        {
            return;
        }

        order.Enqueue(write);
        if (order.Count > QuorumBounds.MostRecent)
        {
            refusals.Remove(order.Dequeue());
        }
    }
}
