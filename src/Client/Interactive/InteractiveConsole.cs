using System.CommandLine;
using Cluster.Client.Nodes;
using Cluster.Client.Verbs;
using Cluster.Shared.Http;

namespace Cluster.Client.Interactive;

/// <summary>
/// Reads lines and carries them out, each as <c>lab</c> itself would: verbs as they stand, and the operations of the modes that the connected node tells of. Nothing that happens to a command, a node or the whole
/// cluster ends it.
/// </summary>
internal sealed class InteractiveConsole(TargetOptions target, ParseResult parsed)
{
    private readonly NodeConnection connection = new(target, parsed);
    private readonly IReadOnlyList<(string Name, string Value)> given = target.Given(parsed);
    private readonly HistoryFile file = HistoryFile.OfUser();
    private string? used;

    private Palette Palette => new(new LabCommand(), connection.Modes, connection.Nodes, used);

    private string Prompt => $"{connection.Node ?? "lab"}{(used is null ? "" : "/" + used)}> ";

    /// <param name="node">The node to begin with; null for the first that answers.</param>
    /// <returns>The exit code of the last command that failed; 0 if none has.</returns>
    public async Task<int> RunAsync(string? node)
    {
        var history = LineReader.IsInteractive ? file.Read() : new LineHistory();
        var reader = new LineReader(history);
        await connection.LookAsync(node, CancellationToken.None).ConfigureAwait(false);
        Say(connection.Node is { } name
            ? $"connected to {name} ({connection.Nodes.Count} nodes, {connection.Modes.Count} modes). Tab completes, 'help' explains, 'exit' leaves."
            : $"{connection.Trouble}. 'up' starts a cluster, 'help' explains, 'exit' leaves.");
        var code = ExitCodes.Ok;
        while (reader.Read(Prompt, Palette) is { } line)
        {
            if (LineReader.IsInteractive && history.Add(line))
            {
                file.Write(history);
            }

            if (await CarryOutAsync(line).ConfigureAwait(false) is not { } ended)
            {
                break;
            }

            code = ended == ExitCodes.Ok ? code : ended;
            await LookAgainAsync().ConfigureAwait(false);
        }

        return code;
    }

    /// <returns>Null when the console is to end; else the line's exit code.</returns>
    private async Task<int?> CarryOutAsync(string line)
    {
        var split = SplitLine.Of(line);
        if (split.IsOpen)
        {
            return Wrong("a quote is open: close it, or write \\ before it");
        }

        if (split.Words is not [var first, ..] || first.StartsWith('#'))
        {
            return ExitCodes.Ok;
        }

        IReadOnlyList<string> rest = [.. split.Words.Skip(1)];

        switch (first)
        {
            case "exit" or "quit":
                return null;
            case "clear":
                Say("\e[H\e[2J");
                return ExitCodes.Ok;
            case "help" or "?":
                return await HelpAsync(rest).ConfigureAwait(false);
            case "use":
                return Use(rest);
            case "node":
                return await SpeakWithAsync(rest).ConfigureAwait(false);
            default:
                return await RunVerbAsync(split.Words).ConfigureAwait(false);
        }
    }

    private async Task<int> RunVerbAsync(IReadOnlyList<string> words)
    {
        var palette = Palette;
        if (!palette.Knows(words[0]))
        {
            return Wrong($"there is no '{words[0]}'{Suggestion.Words(palette.Nearest(words[0]))} ('help' shows what there is)");
        }

        var arguments = palette.Arguments(words);
        if (arguments is ["console", ..])
        {
            return Wrong("this is the console already");
        }

        return await CommandLine.RunAsync([.. arguments, .. Added(palette.Root, arguments)]).ConfigureAwait(false);
    }

    /// <summary>What the console was told of its cluster goes for each command as well, and an operation goes to the connected node; unless the line says otherwise.</summary>
    private IEnumerable<string> Added(Command root, IReadOnlyList<string> arguments)
    {
        var own = arguments.TakeWhile(word => word != "--").ToList();
        if (own.Count < arguments.Count)
        {
            yield break; // What follows is another program's, and nothing can be added behind it.
        }

        var command = root.Parse(arguments).CommandResult.Command;
        IEnumerable<(string Name, string Value)> wanted = command is ModeVerb && connection.Node is { } node ? given.Append(("--node", node)) : given;
        foreach (var (name, value) in wanted)
        {
            if (command.Options.Any(option => option.Name == name) && !own.Any(word => word == name || word.StartsWith(name + "=", StringComparison.Ordinal)))
            {
                yield return name;
                yield return value;
            }
        }
    }

    private int Use(IReadOnlyList<string> words)
    {
        if (words is [])
        {
            used = null;
            return ExitCodes.Ok;
        }

        if (Palette.Mode(words[0]) is null)
        {
            return Wrong($"{connection.Node ?? "no node"} has no mode '{words[0]}' that can be asked{Suggestion.Words(Suggestion.For(words[0], connection.Modes.Select(mode => mode.Slug)))}");
        }

        used = words[0];
        return ExitCodes.Ok;
    }

    private async Task<int> SpeakWithAsync(IReadOnlyList<string> words)
    {
        if (words is not [var wanted])
        {
            return Wrong($"name one node: {string.Join(", ", connection.Nodes)}");
        }

        try
        {
            await connection.LookAsync(wanted, CancellationToken.None).ConfigureAwait(false);
        }
        catch (UsageException e)
        {
            return Wrong(e.Message);
        }

        return connection.Node == wanted ? ExitCodes.Ok : Wrong($"{wanted} does not answer");
    }

    private async Task<int> HelpAsync(IReadOnlyList<string> words)
    {
        if (words is [])
        {
            Say(
                """
                A line is a verb of lab ('status', 'kill n1', 'run lock --seconds 20'), or a mode's operation ('lock acquire name=a session=me').
                  use MODE         its operations without its name before them; 'use' alone ends it
                  node NAME        speak with another node
                  help WORD        a verb's help, or a mode's operations
                  clear, exit      Ctrl-L, Ctrl-D
                Tab completes; Up and Down go through the history, Ctrl-R searches it; Ctrl-C ends a command, not the console.
                """);
            return await CommandLine.RunAsync(["--help"]).ConfigureAwait(false);
        }

        var palette = Palette;
        if (palette.Find(words) is { } asked)
        {
            Describe(asked.Mode, asked.Operation);
            return ExitCodes.Ok;
        }

        var isVerb = palette.Verb(words[0]) is not null;
        var code = isVerb || palette.Mode(words[0]) is null ? await CommandLine.RunAsync([.. words, "--help"]).ConfigureAwait(false) : ExitCodes.Ok;
        return palette.Mode(words[0]) is not null ? await RunVerbAsync(["mode", words[0]]).ConfigureAwait(false) : code;
    }

    private static void Describe(ModeView mode, ModeOperationView operation)
    {
        Console.WriteLine($"{mode.Slug} {operation.Name}: {operation.Summary}");
        var width = operation.Arguments.Select(argument => Palette.Usage(argument).Length).DefaultIfEmpty().Max();
        foreach (var argument in operation.Arguments)
        {
            Console.WriteLine($"  {Palette.Usage(argument).PadRight(width)}  {argument.Summary}");
        }
    }

    /// <summary>Whoever spoke with a node that is gone is told with whom he speaks now.</summary>
    private async Task LookAgainAsync()
    {
        var before = connection.Node;
        await connection.LookAsync(wanted: null, CancellationToken.None).ConfigureAwait(false);
        if (before != connection.Node)
        {
            Say(connection.Node is { } now ? $"{(before is null ? "" : $"{before} does not answer; ")}connected to {now}" : $"no node answers: {connection.Trouble}");
        }
    }

    /// <summary>Only to somebody who is there: a script's output is its commands' alone.</summary>
    private static void Say(string words)
    {
        if (LineReader.IsInteractive)
        {
            Console.WriteLine(words);
        }
    }

    private static int Wrong(string why)
    {
        Console.Error.WriteLine("lab: " + why);
        return ExitCodes.Usage;
    }
}
