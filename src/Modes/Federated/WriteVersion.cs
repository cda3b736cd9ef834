using System.Globalization;

namespace Cluster.Modes.Federated;

/// <summary>
/// The place of a write among all writes of its group: the epoch of the home that took it, then its number there. A home gives numbers without gaps, and an epoch has one home, so two writes never have one version; a
/// higher epoch always comes later, whatever clocks say. The home's name tells apart what two clusters might decide at once under one number.
/// </summary>
public readonly record struct WriteVersion(long Epoch, string Home, long Number) : IComparable<WriteVersion>
{
    /// <summary>Before everything.</summary>
    public static readonly WriteVersion None = new(0, "", 0);

    public static bool operator <(WriteVersion left, WriteVersion right) => left.CompareTo(right) < 0;

    public static bool operator >(WriteVersion left, WriteVersion right) => left.CompareTo(right) > 0;

    public static bool operator <=(WriteVersion left, WriteVersion right) => left.CompareTo(right) <= 0;

    public static bool operator >=(WriteVersion left, WriteVersion right) => left.CompareTo(right) >= 0;

    public int CompareTo(WriteVersion other) => (Epoch.CompareTo(other.Epoch), string.CompareOrdinal(Home, other.Home), Number.CompareTo(other.Number)) switch
    {
        (not 0 and var epochs, _, _) => epochs,
        (_, not 0 and var homes, _) => homes,
        var (_, _, numbers) => numbers,
    };

    /// <summary>As clients see it: <c>2.west.17</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Epoch}.{Home}.{Number}");
}
