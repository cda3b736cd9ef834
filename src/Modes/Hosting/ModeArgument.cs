using System.Globalization;
using System.Text;
using Cluster.Shared.Http;

namespace Cluster.Modes.Hosting;

/// <summary>
/// One argument of an operation as data: what is sent is checked against it before any actor sees it, and every door (HTTP with its OpenAPI document, the console's palette)
/// describes it the same way.
/// </summary>
/// <param name="Name">Lower case, words joined by hyphens.</param>
/// <param name="Kind">How its text is read.</param>
/// <param name="Summary">What it is for, in one line.</param>
/// <param name="Least">Fewest bytes of UTF-8, the smallest number, or the shortest time in milliseconds.</param>
/// <param name="Most">Most bytes of UTF-8, the largest number, or the longest time in milliseconds.</param>
public sealed record ModeArgument(string Name, ModeArgumentKind Kind, string Summary, long Least, long Most)
{
    /// <summary>What it is when it is not given; null: it must be given.</summary>
    public string? Default { get; private init; }

    /// <summary>Whether it may be left out and is then nothing.</summary>
    public bool IsOptional { get; private init; }

    /// <summary>Of a choice: what may be chosen.</summary>
    public IReadOnlyList<string> Allowed { get; private init; } = [];

    public ModeArgumentView View => new(Name, Kind.ToString().ToLowerInvariant(), Summary, Least, Most, Default is null && !IsOptional, Default, Allowed);

    /// <summary>Text of 1 to <paramref name="mostBytes"/> bytes of UTF-8.</summary>
    public static ModeArgument Text(string name, string summary, int mostBytes = 256) => new(name, ModeArgumentKind.Text, summary, 1, mostBytes);

    public static ModeArgument Number(string name, string summary, long least, long most) => new(name, ModeArgumentKind.Number, summary, least, most);

    public static ModeArgument Duration(string name, string summary, TimeSpan least, TimeSpan most) =>
        new(name, ModeArgumentKind.Duration, summary, (long)least.TotalMilliseconds, (long)most.TotalMilliseconds);

    public static ModeArgument Choice(string name, string summary, params IReadOnlyList<string> allowed) => new(name, ModeArgumentKind.Choice, summary, 0, 0) { Allowed = allowed };

    /// <summary>This argument, which may be left out and is then <paramref name="value"/>.</summary>
    public ModeArgument Or(string value) => this with { Default = value };

    /// <summary>This argument, which may be left out.</summary>
    public ModeArgument Optional() => this with { IsOptional = true };

    /// <summary>Why this text cannot be the argument; null when it can.</summary>
    public string? WhyNot(string text) => Kind switch
    {
        ModeArgumentKind.Text when Encoding.UTF8.GetByteCount(text) is var bytes && (bytes < Least || bytes > Most) => Say($"{Name} has {bytes} bytes; it may have {Least} to {Most}"),
        ModeArgumentKind.Number when !(TryReadNumber(text, out var number) && number >= Least && number <= Most) =>
            Say($"{Name}={Shown(text)} is not a whole number from {Least} to {Most}"),
        ModeArgumentKind.Duration when !(TryReadDuration(text, out var span) && span.TotalMilliseconds >= Least && span.TotalMilliseconds <= Most) =>
            Say($"{Name}={Shown(text)} is not a time from {WriteDuration(Least)} to {WriteDuration(Most)}: write 500ms, 10s, 2m or 1h"),
        ModeArgumentKind.Choice when !Allowed.Contains(text, StringComparer.Ordinal) => $"{Name}={Shown(text)} is not one of {string.Join(", ", Allowed)}",
        _ => null,
    };

    /// <summary>Writes milliseconds as one who gives them would: <c>500ms</c>, <c>10s</c>, <c>2m</c>, <c>1h</c>.</summary>
    internal static string WriteDuration(long ms) => ms switch
    {
        > 0 when ms % 3_600_000 == 0 => Say($"{ms / 3_600_000}h"),
        > 0 when ms % 60_000 == 0 => Say($"{ms / 60_000}m"),
        > 0 when ms % 1_000 == 0 => Say($"{ms / 1_000}s"),
        _ => Say($"{ms}ms"),
    };

    /// <summary>Reads <c>-12</c>: digits, and a minus where there is one. A plus sign and zero bytes at the end, which .NET reads over, are refused.</summary>
    public static bool TryReadNumber(string text, out long number)
    {
        number = 0;
        return text.AsSpan(text.StartsWith('-') ? 1 : 0).IndexOfAnyExceptInRange('0', '9') < 0 && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number);
    }

    /// <summary>Reads <c>500ms</c>, <c>10s</c>, <c>2m</c>, <c>1h</c>; fractions with a point.</summary>
    internal static bool TryReadDuration(string text, out TimeSpan span)
    {
        span = default;
        var (digits, factor) = text switch
        {
            [.. var ms, 'm', 's'] => (ms, TimeSpan.FromMilliseconds(1)),
            [.. var seconds, 's'] => (seconds, TimeSpan.FromSeconds(1)),
            [.. var minutes, 'm'] => (minutes, TimeSpan.FromMinutes(1)),
            [.. var hours, 'h'] => (hours, TimeSpan.FromHours(1)),
            _ => ("", default),
        };
        if (digits.AsSpan(digits.StartsWith('-') ? 1 : 0).IndexOfAnyExceptInRange('.', '9') >= 0 || !double.TryParse(digits, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) || !(Math.Abs(number) <= int.MaxValue))
        {
            return false;
        }

        span = factor * number;
        return true;
    }

    /// <summary>What was sent, short enough for a line.</summary>
    internal static string Shown(string text) => text.Length <= 40 ? text : text[..40] + "...";

    private static string Say(FormattableString words) => FormattableString.Invariant(words);
}
