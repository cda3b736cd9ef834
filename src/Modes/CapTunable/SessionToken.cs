using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Cluster.Modes.CapTunable;

/// <summary>
/// What a client has seen: of each partition that it has seen anything of, how far (Terry et al. 1994, the session's read and write vectors, here one). Opaque text for clients: <c>3:17,21:4</c>.
/// </summary>
public sealed record SessionToken(ImmutableSortedDictionary<int, long> Positions)
{
    /// <summary>Longest text of one, in bytes: every partition, each with a number of nineteen digits.</summary>
    public const int MostBytes = 1024;

    public static readonly SessionToken Nothing = new(ImmutableSortedDictionary<int, long>.Empty);

    /// <summary>How far the client has seen that partition; 0: not at all.</summary>
    public long this[int partition] => Positions.GetValueOrDefault(partition);

    public SessionToken With(int partition, long position) => position <= this[partition] ? this : new SessionToken(Positions.SetItem(partition, position));

    /// <summary>A partition that is not so far after all: the token was made up, or belongs to another cluster.</summary>
    public SessionToken Cut(int partition, long position) => this[partition] <= position ? this : new SessionToken(position == 0 ? Positions.Remove(partition) : Positions.SetItem(partition, position));

    public SessionToken Join(SessionToken other) => other.Positions.Aggregate(this, (token, seen) => token.With(seen.Key, seen.Value));

    /// <summary>As clients get it; null for nothing.</summary>
    public string? Text => Positions.IsEmpty ? null : ToString();

    public override string ToString() => string.Join(',', Positions.Select(seen => string.Create(CultureInfo.InvariantCulture, $"{seen.Key}:{seen.Value}")));

    public static bool TryParse(string? text, [NotNullWhen(true)] out SessionToken? token)
    {
        token = Nothing;
        foreach (var part in (text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            if (part.Split(':') is not [var partition, var position]
                || !int.TryParse(partition, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number >= PartitionCore.Count
                || !long.TryParse(position, NumberStyles.None, CultureInfo.InvariantCulture, out var seen))
            {
                token = null;
                return false;
            }

            token = token.With(number, seen);
        }

        return true;
    }
}
