using System.Globalization;
using Cluster.Lab.Checkers;
using Cluster.Lab.Workloads;
using Spectre.Console;

namespace Cluster.Client.Output;

/// <summary>How states, counts and verdicts look: one colour, one meaning, in every table.</summary>
internal static class Format
{
    public static string Good(string text) => $"[green]{Markup.Escape(text)}[/]";

    public static string Bad(string text) => $"[red]{Markup.Escape(text)}[/]";

    public static string Doubtful(string text) => $"[yellow]{Markup.Escape(text)}[/]";

    public static string Plain(string? text) => Markup.Escape(text ?? "-");

    /// <summary>Control characters as <c>\x1B</c>: what a terminal would obey, it shows.</summary>
    public static string Harmless(string text) =>
        text.Any(char.IsControl) ? string.Concat(text.Select(letter => char.IsControl(letter) ? string.Create(CultureInfo.InvariantCulture, $"\\x{(int)letter:X2}") : letter.ToString())) : text;

    public static string Count(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    public static string Verdict(Verdict verdict) => verdict switch
    {
        Lab.Checkers.Verdict.Holds => Good("holds"),
        Lab.Checkers.Verdict.Violated => Bad("violated"),
        _ => Doubtful("unknown"),
    };

    public static string Progress(WorkloadProgress progress) =>
        $"{Count(progress.Answered)} operations answered, {Count(progress.Refused)} refused, {Count(progress.Unknown)} unknown";

    /// <summary>In words a person would use: milliseconds under ten seconds, then seconds.</summary>
    public static string Duration(TimeSpan time) => time.TotalSeconds < 10
        ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:0} ms")
        : string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.0} s");
}
