using Cluster.Client.Output;

namespace Cluster.Client.Interactive;

/// <summary>Lines from whoever types: edited on a terminal, with history and completion; plain where input comes from a file or a pipe, or the terminal can do nothing.</summary>
internal sealed class LineReader(LineHistory history)
{
    /// <summary>Candidates that are shown at once: more is help, and not completion.</summary>
    private const int MostShown = 60;

    /// <summary>Whether somebody types.</summary>
    public static bool IsInteractive { get; } = !Console.IsInputRedirected && !Console.IsOutputRedirected && Environment.GetEnvironmentVariable("TERM") is not (null or "" or "dumb");

    /// <returns>Null at the end of input.</returns>
    public string? Read(string prompt, Palette palette)
    {
        if (!IsInteractive)
        {
            return Console.In.ReadLine();
        }

        var treatsControlC = Console.TreatControlCAsInput;
        Console.TreatControlCAsInput = true; // While a line is typed it is a key; while a command runs it ends that.
        try
        {
            return Edit(prompt, palette);
        }
        finally
        {
            Console.TreatControlCAsInput = treatsControlC;
        }
    }

    private string? Edit(string prompt, Palette palette)
    {
        var editor = new LineEditor(history);
        Show(prompt, palette, editor);
        while (true)
        {
            switch (editor.Press(Console.ReadKey(intercept: true)))
            {
                case EditStep.Accepted:
                    Show(prompt, palette, editor, isDone: true);
                    return editor.Text;
                case EditStep.Abandoned:
                    Show(prompt, palette, editor, isDone: true);
                    return "";
                case EditStep.Ended:
                    Console.WriteLine();
                    return null;
                case EditStep.Completes:
                    Complete(palette, editor);
                    break;
                case EditStep.Clears:
                    Console.Write("\e[H\e[2J");
                    break;
                case EditStep.Ignored:
                    continue;
                case EditStep.Edited:
                    break;
            }

            if (!Console.KeyAvailable)
            {
                Show(prompt, palette, editor); // What was pasted is shown at its end, not letter by letter.
            }
        }
    }

    /// <summary>What all candidates have in common is written; where that is no more than there was, they are shown.</summary>
    private static void Complete(Palette palette, LineEditor editor)
    {
        var split = SplitLine.Of(editor.Text[..editor.Cursor]);
        if (split.IsOpen || palette.Complete(split.Finished, split.Last) is not { Count: > 0 } candidates)
        {
            return;
        }

        var common = candidates.Aggregate((one, other) => one[..one.Zip(other).TakeWhile(pair => pair.First == pair.Second).Count()]);
        if (common.Length > split.Last.Length || candidates.Count == 1)
        {
            editor.Replace(split.LastBegins, SplitLine.Quote(common) + (candidates.Count == 1 && !common.EndsWith('=') ? " " : ""));
            return;
        }

        Console.WriteLine();
        Console.WriteLine(string.Join("  ", candidates.Take(MostShown)) + (candidates.Count > MostShown ? $"  and {candidates.Count - MostShown} more" : ""));
    }

    private static void Show(string prompt, Palette palette, LineEditor editor, bool isDone = false)
    {
        var width = Console.WindowWidth is > 0 and var columns ? columns : 80;
        var line = new PromptLine(width, HasColours: Terminal.HasColours);
        var split = SplitLine.Of(editor.Text);
        var hint = isDone || editor.Cursor < editor.Text.Length || split.IsOpen || editor.Text.Length == 0 ? "" : palette.Hint(split.Words, split.Last.Length > 0);
        Console.Write(line.Draw(editor.Searched is { } searched ? $"(search '{searched}') " : prompt, editor.Text, isDone ? editor.Text.Length : editor.Cursor, hint));
        if (isDone)
        {
            Console.WriteLine();
        }
    }
}
