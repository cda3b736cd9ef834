using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Cluster.Modes.Quorum;

/// <summary>
/// What a client had seen of a key when it wrote (Dynamo, section 4.4): the write replaces that, and stands beside everything else. Opaque text for clients: <c>5;n1;77|n1.7f3a=4,n2.c04=9</c>, the register's
/// tag and, of each stay (<see cref="Dot"/>), the last dot.
/// </summary>
public sealed record ClientContext(Tag? Floor, ImmutableArray<Dot> Seen)
{
    /// <summary>Longest text of one, in bytes: twice <see cref="QuorumBounds.HistoryBytesMax"/>, for the register's tag, and for stays that begin side by side on replicas that have not heard of each other.</summary>
    public const int MostBytes = 2 * QuorumBounds.HistoryBytesMax;

    /// <summary>Of a client that has seen nothing: its write stands beside whatever there is.</summary>
    public static readonly ClientContext Nothing = new(null, []);

    public static ClientContext Of(KeyState state) => new(state.Floor, state.Dots);

    /// <summary>The last number of that stay; 0 for none.</summary>
    public long LastOf(string stay) => Seen.FirstOrDefault(dot => dot.Stay == stay)?.Sequence ?? 0;

    public override string ToString()
    {
        var floor = Floor is null ? "" : string.Create(CultureInfo.InvariantCulture, $"{Floor.Counter};{Floor.Node};{Floor.Write}");
        return $"{floor}|{string.Join(',', Seen.Select(dot => string.Create(CultureInfo.InvariantCulture, $"{dot.Stay}={dot.Sequence}")))}";
    }

    public static bool TryParse(string text, [NotNullWhen(true)] out ClientContext? context)
    {
        context = null;
        if (text.Split('|') is not [var register, var dots] || !TryReadTag(register, out var floor))
        {
            return false;
        }

        var seen = new List<Dot>();
        foreach (var dot in dots.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            if (dot.Split('=') is not [{ Length: > 0 } stay, var number] || !TryReadNumber(number, out var sequence))
            {
                return false;
            }

            seen.Add(new Dot(stay, sequence));
        }

        context = new ClientContext(floor, Dot.Last(seen));
        return true;
    }

    private static bool TryReadTag(string text, out Tag? tag)
    {
        tag = null;
        if (text.Length == 0)
        {
            return true;
        }

        if (text.Split(';') is not [var counter, { Length: > 0 } node, var write] || !TryReadNumber(counter, out var read) || !TryReadNumber(write, out var drawn))
        {
            return false;
        }

        tag = new Tag(read, node, drawn);
        return true;
    }

    private static bool TryReadNumber(string text, out long number) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
