using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Cluster.Modes.Quorum;

/// <summary>
/// What a replica has of a key: a register for writes without a context, of which the latest tag wins, and beside it the versions that were written with a context and that nobody has merged yet.
/// States join in any order, any number of times, to the same state (a join semilattice: Shapiro et al. 2011); the latest tag in a state never goes back.
/// </summary>
/// <param name="Floor">The latest write without a context. It replaces everything with an earlier tag; null: there never was one.</param>
/// <param name="Value">What it wrote; null: it was a deletion.</param>
/// <param name="Superseded">Whoever wrote with a context had seen the register up to here: if that is <paramref name="Floor"/>, its value counts no more.</param>
/// <param name="Versions">Written with a context, in the order of their dots; null for none.</param>
/// <param name="Seen">Of each stay (<see cref="Dot"/>), the last dot of this key that this state has seen; null for none.</param>
public sealed record KeyState(Tag? Floor, string? Value = null, Tag? Superseded = null, ImmutableArray<DottedVersion>? Versions = null, ImmutableArray<Dot>? Seen = null)
{
    /// <summary>A key that nobody ever wrote.</summary>
    public static readonly KeyState None = new(Floor: null);

    /// <summary>Everything that stands: one where nobody wrote with a context, several where some did side by side. The one that wins is last.</summary>
    [JsonIgnore]
    public ImmutableArray<(Tag Tag, string? Value)> Standing
    {
        get
        {
            var all = Dotted.Select(version => (version.Tag, version.Value));
            return [.. (Floor is not null && (Superseded is null || Floor > Superseded) ? all.Append((Tag: Floor, Value)) : all).OrderBy(stands => stands.Tag)];
        }
    }

    /// <summary>The one that wins: the latest tag. Null for a key that nobody ever wrote.</summary>
    [JsonIgnore]
    public (Tag Tag, string? Value)? Winner => Standing is { Length: > 0 } standing ? standing[^1] : null;

    /// <summary>Whether all that stands are deletions.</summary>
    [JsonIgnore]
    public bool IsTombstone => Standing.All(stands => stands.Value is null);

    /// <summary>The highest counter in it; 0 for none.</summary>
    [JsonIgnore]
    public long Counter => Math.Max(Floor?.Counter ?? 0, Dotted.Select(version => version.Tag.Counter).DefaultIfEmpty(0).Max());

    [JsonIgnore]
    internal ImmutableArray<DottedVersion> Dotted => Versions ?? [];

    [JsonIgnore]
    internal ImmutableArray<Dot> Dots => Seen ?? [];

    /// <summary>A write without a context.</summary>
    public static KeyState Written(Tag tag, string? value) => new(tag, value);

    /// <summary>What both know.</summary>
    public KeyState Join(KeyState other)
    {
        var floor = Tag.Later(Floor, other.Floor);
        var versions = Dotted.Where(version => !other.HasReplaced(version)).Concat(other.Dotted.Where(version => !HasReplaced(version)))
            .DistinctBy(version => (version.Stay, version.Sequence))
            .Where(version => floor is null || version.Tag > floor)
            .OrderBy(version => version.Stay, StringComparer.Ordinal).ThenBy(version => version.Sequence)
            .ToImmutableArray();
        var seen = Dot.Last(Dots.Concat(other.Dots));
        return new KeyState(
            floor,
            floor is null ? null : floor == Floor ? Value : other.Value,
            Tag.Later(Superseded, other.Superseded),
            versions.IsEmpty ? null : versions,
            seen.IsEmpty ? null : seen);
    }

    /// <summary>Whether joining the other one in would change nothing.</summary>
    public bool Covers(KeyState other) => Join(other).Equals(this);

    /// <summary>Whether all that a client had seen of the key is in it, or was replaced in it.</summary>
    public bool Covers(ClientContext context) =>
        (context.Floor is null || (Floor is not null && Floor >= context.Floor)) && context.Seen.All(dot => Dots.Any(own => own.Stay == dot.Stay && own.Sequence >= dot.Sequence));

    /// <summary>
    /// This state with a version more, which replaces what its writer had seen of it. A context that names more than there is here is believed only as far as there is: made-up contexts cannot
    /// replace what is still to come.
    /// </summary>
    public KeyState Add(DottedVersion version, ClientContext context)
    {
        var superseded = context.Floor is { } floor && Floor is not null ? (floor < Floor ? floor : Floor) : null;
        var stays = Dotted.Where(other => other.Sequence > context.LastOf(other.Stay));
        return this with
        {
            Superseded = Tag.Later(Superseded, superseded),
            Versions = [.. stays.Append(version).OrderBy(other => other.Stay, StringComparer.Ordinal).ThenBy(other => other.Sequence)],
            Seen = Dot.Last(Dots.Append(new Dot(version.Stay, version.Sequence))),
        };
    }

    public bool Equals(KeyState? other) => other is not null && Floor == other.Floor && Superseded == other.Superseded && Dotted.SequenceEqual(other.Dotted) && Dots.SequenceEqual(other.Dots);

    public override int GetHashCode() => HashCode.Combine(Floor, Superseded, Dotted.Length, Dots.Length);

    /// <summary>It has seen the version, and has it no more.</summary>
    private bool HasReplaced(DottedVersion version) => Dots.Any(dot => dot.Stay == version.Stay && dot.Sequence >= version.Sequence) && !Dotted.Any(own => own.Stay == version.Stay && own.Sequence == version.Sequence);
}
