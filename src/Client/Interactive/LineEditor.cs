using System.Text;

namespace Cluster.Client.Interactive;

/// <summary>One line while it is typed: keys come in, what is to be done comes out. Pure: it reads no terminal and writes to none. The keys are those of GNU readline's Emacs mode.</summary>
internal sealed partial class LineEditor(LineHistory history)
{
    /// <summary>Characters of one line: more than any command has, and less than a file that was pasted by mistake.</summary>
    public const int MostCharacters = 8_192;

    private readonly StringBuilder text = new();
    private string killed = "";
    private string draft = "";
    private int place = history.Lines.Count;

    public string Text => text.ToString();

    /// <summary>Where the next character goes: 0 to the text's length.</summary>
    public int Cursor { get; private set; }

    public EditStep Press(ConsoleKeyInfo key)
    {
        if (Searched is not null && SearchOn(key) is { } step)
        {
            return step;
        }

        var isControl = key.Modifiers.HasFlag(ConsoleModifiers.Control);
        var isAlt = key.Modifiers.HasFlag(ConsoleModifiers.Alt);
        switch (key.Key)
        {
            case ConsoleKey.Enter:
                return EditStep.Accepted;
            case ConsoleKey.Tab:
                return EditStep.Completes;
            case ConsoleKey.Backspace when isAlt:
            case ConsoleKey.W when isControl:
                return Kill(WordBefore(), Cursor);
            case ConsoleKey.Backspace:
            case ConsoleKey.H when isControl:
                return Remove(Before(), Cursor);
            case ConsoleKey.D when isControl && text.Length == 0:
                return EditStep.Ended;
            case ConsoleKey.Delete:
            case ConsoleKey.D when isControl:
                return Remove(Cursor, After());
            case ConsoleKey.LeftArrow when isControl || isAlt:
            case ConsoleKey.B when isAlt:
                return MoveTo(WordBefore());
            case ConsoleKey.RightArrow when isControl || isAlt:
            case ConsoleKey.F when isAlt:
                return MoveTo(WordAfter());
            case ConsoleKey.LeftArrow:
            case ConsoleKey.B when isControl:
                return MoveTo(Before());
            case ConsoleKey.RightArrow:
            case ConsoleKey.F when isControl:
                return MoveTo(After());
            case ConsoleKey.Home:
            case ConsoleKey.A when isControl:
                return MoveTo(0);
            case ConsoleKey.End:
            case ConsoleKey.E when isControl:
                return MoveTo(text.Length);
            case ConsoleKey.UpArrow:
            case ConsoleKey.P when isControl:
                return Recall(place - 1);
            case ConsoleKey.DownArrow:
            case ConsoleKey.N when isControl:
                return Recall(place + 1);
            case ConsoleKey.U when isControl:
                return Kill(0, Cursor);
            case ConsoleKey.K when isControl:
                return Kill(Cursor, text.Length);
            case ConsoleKey.Y when isControl:
                return Insert(killed);
            case ConsoleKey.L when isControl:
                return EditStep.Clears;
            case ConsoleKey.R when isControl:
                return BeginSearch();
            case ConsoleKey.C when isControl:
                return EditStep.Abandoned;
            default:
                return isControl || isAlt || char.IsControl(key.KeyChar) ? EditStep.Ignored : Insert(key.KeyChar.ToString());
        }
    }

    /// <summary>Puts text where the cursor is; what is too long for a line is not taken.</summary>
    public EditStep Insert(string more)
    {
        if (more.Length == 0 || text.Length + more.Length > MostCharacters)
        {
            return EditStep.Ignored;
        }

        text.Insert(Cursor, more);
        Cursor += more.Length;
        return EditStep.Edited;
    }

    /// <summary>Puts other text in the place of what stands between there and the cursor.</summary>
    public EditStep Replace(int from, string with)
    {
        Remove(from, Cursor);
        return Insert(with);
    }

    private EditStep Remove(int from, int to)
    {
        if (from == to)
        {
            return EditStep.Ignored;
        }

        text.Remove(from, to - from);
        Cursor = from;
        return EditStep.Edited;
    }

    /// <summary>What is killed can be put elsewhere.</summary>
    private EditStep Kill(int from, int to)
    {
        killed = from == to ? killed : text.ToString(from, to - from);
        return Remove(from, to);
    }

    private EditStep MoveTo(int at)
    {
        var moves = at != Cursor;
        Cursor = at;
        return moves ? EditStep.Edited : EditStep.Ignored;
    }

    /// <summary>Another line of the history; behind its newest stands what was typed before.</summary>
    private EditStep Recall(int at)
    {
        if (at < 0 || at > history.Lines.Count)
        {
            return EditStep.Ignored;
        }

        draft = place == history.Lines.Count ? Text : draft;
        place = at;
        return Set(at == history.Lines.Count ? draft : history.Lines[at]);
    }

    private EditStep Set(string line)
    {
        text.Clear().Append(line);
        Cursor = text.Length;
        return EditStep.Edited;
    }

    /// <summary>A character beyond the basic plane is two in a text, and one to people.</summary>
    private int Before() => Cursor > 1 && char.IsLowSurrogate(text[Cursor - 1]) && char.IsHighSurrogate(text[Cursor - 2]) ? Cursor - 2 : Math.Max(0, Cursor - 1);

    private int After() => Cursor + 1 < text.Length && char.IsHighSurrogate(text[Cursor]) && char.IsLowSurrogate(text[Cursor + 1]) ? Cursor + 2 : Math.Min(text.Length, Cursor + 1);

    private int WordBefore()
    {
        var at = Cursor;
        while (at > 0 && char.IsWhiteSpace(text[at - 1]))
        {
            at--;
        }

        while (at > 0 && !char.IsWhiteSpace(text[at - 1]))
        {
            at--;
        }

        return at;
    }

    private int WordAfter()
    {
        var at = Cursor;
        while (at < text.Length && char.IsWhiteSpace(text[at]))
        {
            at++;
        }

        while (at < text.Length && !char.IsWhiteSpace(text[at]))
        {
            at++;
        }

        return at;
    }
}
