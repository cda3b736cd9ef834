namespace Cluster.Modes.Quorum;

/// <content>
/// Versions that are written with a context get their dots here. A key's version vector says of each stay that all its dots up to one were seen, so a replica may go on with a stay only while it knows all that it
/// numbered under it: what is on its disk, and what is on the way there.
/// </content>
internal sealed partial class ReplicaCore
{
    private readonly RecentWrites recent = new();

    /// <summary>What keys are about to be, by the versions that were numbered and are not durable yet: the next version must know of them.</summary>
    private readonly Dictionary<string, KeyState> coming = new(StringComparer.Ordinal);

    /// <summary>Of keys that are here or are coming, and that versions were numbered of: under what.</summary>
    private readonly Dictionary<string, string> stays = new(StringComparer.Ordinal);

    private long sequence;

    /// <summary>Whether a write with a context was numbered here already: then its key's state is the answer, once it is durable.</summary>
    public bool HasNumbered(long write) => recent.HasNumbered(write);

    /// <summary>Why a write with a context was refused here already: its writer has been told that it never takes effect, so it must not when it comes once more. Null where it was not.</summary>
    public string? WhyRefused(long write) => recent.WhyRefused(write);

    /// <summary>Gives a version its dot.</summary>
    /// <param name="drawn">Drawn at random for this call: names the stay that begins, if one does.</param>
    /// <returns><see cref="VersionNumbered"/>, or <see cref="VersionRefused"/> where the key cannot take one more.</returns>
    public object Number(AddVersion asked, long drawn)
    {
        var known = Known(asked.Key).Join(asked.Known).Join(coming.GetValueOrDefault(asked.Key) ?? KeyState.None);
        var stay = stays.GetValueOrDefault(asked.Key) ?? FormattableString.Invariant($"{self}.{drawn:x}");

        // What came here since the coordinator asked may have a higher counter: a version below it would be answered for and gone.
        var counter = Math.Max(asked.Counter, Math.Max(collected, known.Counter) + 1);
        var version = new DottedVersion(stay, sequence + 1, new Tag(counter, self, asked.Write), asked.Value);
        var state = known.Add(version, asked.Context);
        if (WhyNot(asked.Key, state) is { } why)
        {
            recent.Remember(asked.Write, why);
            return new VersionRefused(asked.Write, why);
        }

        sequence++;
        stays[asked.Key] = stay;
        coming[asked.Key] = state;
        recent.Remember(asked.Write);
        return new VersionNumbered(asked.Key, state, sequence, asked.Write, stay);
    }

    /// <summary>Why a key cannot become this; null when it can.</summary>
    private static string? WhyNot(string key, KeyState state)
    {
        if (state.Standing.Length > QuorumBounds.MostVersions)
        {
            return $"{key} has {QuorumBounds.MostVersions} values side by side: read it, and write one with the context of that read";
        }

        return new ClientContext(null, state.Dots).ToString().Length > QuorumBounds.HistoryBytesMax
            ? $"{key} has had its versions numbered by so many nodes, in so many of their lives, that no context holds more: write it without a context, or delete it without one and wait until its tombstone is forgotten"
            : null;
    }

    /// <summary>It is durable, and in the key.</summary>
    private void Numbered(VersionNumbered version)
    {
        sequence = Math.Max(sequence, version.Sequence);
        recent.Remember(version.Write);
        if (version.Stay is { } stay)
        {
            stays[version.Key] = stay;
        }

        if (coming.GetValueOrDefault(version.Key) is { } last && Own(version.Key).Covers(last))
        {
            coming.Remove(version.Key);
        }
    }
}
