using Cluster.Client.Output;
using Spectre.Console;

namespace Cluster.Client.Tour;

/// <summary>Tells a story on the terminal: numbered steps, what is seen with its time, and one line that moves. Piped, the moving line is left out.</summary>
internal sealed class Narrator
{
    private readonly IAnsiConsole terminal = Terminal.Console;
    private readonly ProgressLine moving = new("   ");
    private int step;

    /// <summary>What comes next, and why.</summary>
    public void Step(string title, string why)
    {
        Settle();
        terminal.WriteLine();
        terminal.MarkupLineInterpolated($"[bold]{++step}. {title}[/]");
        terminal.MarkupLineInterpolated($"   [grey]{why}[/]");
    }

    public void Say(string text)
    {
        Settle();
        terminal.MarkupLineInterpolated($"   {text}");
    }

    /// <summary>Markup passes through: text from elsewhere must be escaped.</summary>
    public void SayMarkup(string markup)
    {
        Settle();
        terminal.MarkupLine("   " + markup);
    }

    /// <summary>Overwrites the line that moves.</summary>
    public void Progress(string text) => moving.Show(text);

    private void Settle() => moving.Clear();
}
