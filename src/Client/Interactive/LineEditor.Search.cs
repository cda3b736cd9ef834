namespace Cluster.Client.Interactive;

/// <content>Ctrl-R: backwards through the history by a part of a line.</content>
internal sealed partial class LineEditor
{
    private string beforeSearch = "";
    private int found;

    /// <summary>What is searched for; null while nothing is.</summary>
    public string? Searched { get; private set; }

    private EditStep BeginSearch()
    {
        (Searched, beforeSearch, found) = ("", Text, history.Lines.Count);
        return EditStep.Edited;
    }

    /// <returns>Null when the search is over, and the key is for the line that was found.</returns>
    private EditStep? SearchOn(ConsoleKeyInfo key)
    {
        var isControl = key.Modifiers.HasFlag(ConsoleModifiers.Control);
        switch (key.Key)
        {
            case ConsoleKey.R when isControl:
                return Show(history.FindBefore(found, Searched!));
            case ConsoleKey.Backspace:
                Searched = Searched!.Length > 0 ? Searched[..^1] : "";
                return Show(history.FindBefore(history.Lines.Count, Searched));
            case ConsoleKey.Escape:
            case ConsoleKey.G when isControl:
            case ConsoleKey.C when isControl:
                Searched = null;
                return Set(beforeSearch);
            case var _ when !isControl && !char.IsControl(key.KeyChar):
                Searched += key.KeyChar;
                return Show(history.FindBefore(Math.Min(found + 1, history.Lines.Count), Searched));
            default:
                (Searched, place) = (null, found);
                return null;
        }
    }

    private EditStep Show(int? at)
    {
        if (at is not { } line)
        {
            return EditStep.Edited; // What was found before still stands, and what is searched for shows that it does not fit.
        }

        found = line;
        return Set(history.Lines[line]);
    }
}
