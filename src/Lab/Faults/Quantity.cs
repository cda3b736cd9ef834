using System.Globalization;

namespace Cluster.Lab.Faults;

/// <summary>Durations, shares and rates as people write them: <c>50ms</c>, <c>1.5s</c>, <c>10%</c>, <c>1MB/s</c>.</summary>
public static class Quantity
{
    /// <summary>Longest delay a link takes, as the node's own bound.</summary>
    private const int MaxDelayMs = 60_000;

    private static readonly (string Suffix, double Factor)[] Times = [("ms", 1), ("s", 1000), ("m", 60_000), ("h", 3_600_000)];
    private static readonly (string Suffix, double Factor)[] Sizes = [("kb", 1000), ("mb", 1_000_000), ("gb", 1e9), ("kib", 1024), ("mib", 1024 * 1024), ("gib", 1024.0 * 1024 * 1024), ("b", 1)];

    /// <summary>Milliseconds from 0 to 60,000.</summary>
    /// <exception cref="FormatException">Not a duration, or out of bounds.</exception>
    public static int Milliseconds(string text) => Scaled(text, Times) is { } value && value is >= 0 and <= MaxDelayMs
        ? (int)Math.Round(value)
        : throw new FormatException($"'{text}' is not a delay: write 0ms to {MaxDelayMs / 1000}s, for example 50ms or 1.5s");

    /// <summary>A time within bounds, in whole milliseconds.</summary>
    /// <exception cref="FormatException">Not a time, or out of bounds.</exception>
    public static TimeSpan Time(string text, TimeSpan least, TimeSpan most) =>
        Scaled(text, Times) is { } value && value >= least.TotalMilliseconds && value <= most.TotalMilliseconds
            ? TimeSpan.FromMilliseconds(Math.Round(value))
            : throw new FormatException(FormattableString.Invariant($"'{text}' is not a time from {least.TotalSeconds:0.###}s to {most.TotalSeconds:0.###}s: write 500ms, 10s, 2m or 1h"));

    /// <summary>A share from 0 to 100, with or without the sign.</summary>
    /// <exception cref="FormatException">Not a share, or out of bounds.</exception>
    public static double Percent(string text) =>
        double.TryParse(text.EndsWith('%') ? text[..^1] : text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) && value is >= 0 and <= 100
            ? value
            : throw new FormatException($"'{text}' is not a share: write 0% to 100%, for example 10%");

    /// <summary>Bytes for each second, from 1 B/s; 0 takes a throttle away.</summary>
    /// <exception cref="FormatException">Not a rate.</exception>
    public static long BytesPerSecond(string text)
    {
        var amount = text.EndsWith("/s", StringComparison.OrdinalIgnoreCase) ? text[..^2] : text;
        return Scaled(amount, Sizes) is { } value && value is 0 or (>= 1 and <= 1e12)
            ? (long)value
            : throw new FormatException($"'{text}' is not a rate: write bytes for each second, for example 1MB/s or 64KB/s");
    }

    /// <summary>The number times what its suffix stands for; null if it is neither. A bare number is refused except 0: its unit would be a guess.</summary>
    private static double? Scaled(string text, (string Suffix, double Factor)[] units)
    {
        var digits = text.AsSpan().TrimEnd("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ ");
        if (!double.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
        {
            return null;
        }

        var suffix = text[digits.Length..].Trim();
        var unit = Array.Find(units, unit => unit.Suffix.Equals(suffix, StringComparison.OrdinalIgnoreCase));
        return unit.Suffix is null ? number == 0 && suffix.Length == 0 ? 0 : null : number * unit.Factor;
    }
}
