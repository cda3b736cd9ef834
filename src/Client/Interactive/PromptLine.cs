using System.Globalization;
using System.Text;

namespace Cluster.Client.Interactive;

/// <summary>What the terminal is sent to show a line: one row of it, however long the line is, with the cursor in its place. Pure.</summary>
/// <param name="Width">Columns of the terminal.</param>
/// <param name="HasColours">Whether hints are dim and prompts bold.</param>
internal sealed record PromptLine(int Width, bool HasColours)
{
    private const string ToLineStart = "\r";
    private const string ClearToEnd = "\e[K";

    /// <param name="text">The line.</param>
    /// <param name="cursor">Where in it the cursor stands.</param>
    /// <param name="hint">Shown behind the line, where there is room.</param>
    public string Draw(string prompt, string text, int cursor, string hint)
    {
        var room = Math.Max(1, Width - Columns.Of(prompt) - 1);
        var from = 0;
        while (Columns.Of(text[from..cursor]) > room)
        {
            from += char.IsSurrogatePair(text, from) ? 2 : 1; // The window moves on, so that the cursor is always in it.
        }

        var shown = Fit(text[from..], room);
        var behind = shown.Length == text.Length - from ? Fit(hint, room - Columns.Of(shown)) : "";
        var column = Columns.Of(prompt) + Columns.Of(text[from..cursor]);
        return string.Create(CultureInfo.InvariantCulture, $"{ToLineStart}{Styled(prompt, "1")}{shown}{Styled(behind, "2")}{ClearToEnd}{ToLineStart}{(column == 0 ? "" : $"\e[{column}C")}");
    }

    /// <summary>As much of it as has room, in whole characters.</summary>
    private static string Fit(string text, int room)
    {
        var fitting = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            room -= Columns.Of(rune.ToString());
            if (room < 0)
            {
                break;
            }

            fitting.Append(rune);
        }

        return fitting.ToString();
    }

    private string Styled(string text, string style) => HasColours && text.Length > 0 ? $"\e[{style}m{text}\e[0m" : text;
}
