using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Cluster.Lab.Checkers.Federation;

/// <summary>A version as the mode tells it: the epoch of a home, its name, and the number of the write there. They are in the order in which they must be.</summary>
internal readonly record struct VersionToken(long Epoch, string Home, long Number) : IComparable<VersionToken>
{
    public static readonly VersionToken None = new(0, "", 0);

    public static bool operator <(VersionToken left, VersionToken right) => left.CompareTo(right) < 0;

    public static bool operator >(VersionToken left, VersionToken right) => left.CompareTo(right) > 0;

    public static bool operator <=(VersionToken left, VersionToken right) => left.CompareTo(right) <= 0;

    public static bool operator >=(VersionToken left, VersionToken right) => left.CompareTo(right) >= 0;

    public int CompareTo(VersionToken other) => (Epoch.CompareTo(other.Epoch), string.CompareOrdinal(Home, other.Home), Number.CompareTo(other.Number)) switch
    {
        (not 0 and var epochs, _, _) => epochs,
        (_, not 0 and var homes, _) => homes,
        var (_, _, numbers) => numbers,
    };

    public static bool TryParse([NotNullWhen(true)] string? text, out VersionToken version)
    {
        version = None;
        if (text?.Split('.') is not [var epoch, var home, var number]
            || !long.TryParse(epoch, NumberStyles.None, CultureInfo.InvariantCulture, out var epochs)
            || !long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var numbers))
        {
            return false;
        }

        version = new VersionToken(epochs, home, numbers);
        return true;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Epoch}.{Home}.{Number}");
}
