namespace Cluster.Client.Output;

/// <summary>One line on a terminal that is overwritten while something goes on. Piped, it is left out: a log of it says nothing.</summary>
internal sealed class ProgressLine(string indent = "")
{
    private const int Width = 90;

    private bool shown;

    public void Show(string text)
    {
        if (Terminal.IsInteractive)
        {
            Console.Write("\r" + (indent + text).PadRight(Width)[..Width]);
            shown = true;
        }
    }

    /// <summary>Takes the line away, before anything else is printed.</summary>
    public void Clear()
    {
        if (shown)
        {
            Console.Write("\r" + new string(' ', Width) + "\r");
            shown = false;
        }
    }
}
