using System.Globalization;

namespace Cluster.Lab.Checkers;

/// <summary>Times of a history as people read them.</summary>
internal static class Instant
{
    /// <summary>Nanoseconds since the history began, as seconds.</summary>
    public static string Of(long nanoseconds) => string.Create(CultureInfo.InvariantCulture, $"{nanoseconds / 1e9:0.0000} s");
}
