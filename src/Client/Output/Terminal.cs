using Spectre.Console;

namespace Cluster.Client.Output;

/// <summary>The way out to people: colours only on a terminal and without NO_COLOR (no-color.org), and lines that are not broken when piped.</summary>
internal static class Terminal
{
    /// <summary>Wide enough that no table row is ever wrapped for grep.</summary>
    private const int PipedWidth = 400;

    public static bool IsInteractive { get; } = !System.Console.IsOutputRedirected;

    public static bool HasColours { get; } = IsInteractive && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));

    public static IAnsiConsole Console { get; } = Create();

    private static IAnsiConsole Create()
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = IsInteractive ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = HasColours ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
        });
        if (!IsInteractive)
        {
            console.Profile.Width = PipedWidth;
        }

        return console;
    }
}
