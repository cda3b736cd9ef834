using System.CommandLine;
using Cluster.Shared.Http;

namespace Cluster.Client.Interactive;

/// <summary>
/// Everything that can be typed, and what it means: the console's own words, the verbs of <c>lab</c>, and the operations of the modes, of which the node tells. Pure: a mode that is younger than the console is in it
/// as any other.
/// </summary>
/// <param name="Root">The verbs.</param>
/// <param name="Modes">What the node hosts.</param>
/// <param name="Nodes">Names of the cluster's nodes.</param>
/// <param name="Used">The mode whose operations need no slug before them; null for none.</param>
internal sealed partial record Palette(Command Root, IReadOnlyList<ModeView> Modes, IReadOnlyList<string> Nodes, string? Used = null)
{
    /// <summary>Said to the console itself.</summary>
    public static readonly IReadOnlyList<string> OwnWords = ["help", "use", "node", "clear", "exit", "quit"];

    private const string Program = "lab";

    /// <summary>The command line of <c>lab</c> that these words mean.</summary>
    /// <remarks>
    /// What is typed as in a shell, with <c>lab</c> before it, is a verb. Else the used mode's operations come first, then a verb's own subcommands, then a mode's operations after its slug: <c>saga start</c> is the verb,
    /// <c>lock acquire</c> the mode's operation, and <c>lock backup -- ./backup.sh</c> the verb again.
    /// </remarks>
    public IReadOnlyList<string> Arguments(IReadOnlyList<string> words)
    {
        if (IsProgram(words[0]))
        {
            return [.. words.Skip(1)];
        }

        if (Find(words) is { } asked)
        {
            return ["mode", asked.Mode.Slug, asked.Operation.Name, .. words.Skip(asked.Words)];
        }

        return words.Count == 1 && Verb(words[0]) is null && Mode(words[0]) is { } mode ? ["mode", mode.Slug] : words;
    }

    /// <summary>The nearest word to one that begins no command; null if it begins one, or none is near.</summary>
    public string? Nearest(string word) => Knows(word) ? null : Suggestion.For(word, FirstWords);

    public bool Knows(string word) => IsProgram(word) || FirstWords.Contains(word, StringComparer.Ordinal);

    /// <summary>How an argument is written: <c>name=TEXT</c>, and in brackets what may be left out.</summary>
    public static string Usage(ModeArgumentView argument)
    {
        var value = argument.Kind == "choice" ? string.Join('|', argument.Allowed) : argument.Kind.ToUpperInvariant();
        return argument.IsRequired ? $"{argument.Name}={value}" : $"[{argument.Name}={argument.Default ?? value}]";
    }

    public ModeView? Mode(string slug) => Modes.FirstOrDefault(mode => mode.Slug == slug && mode.Operations.Count > 0);

    private IEnumerable<string> FirstWords =>
    [
        .. Used is { } slug ? Mode(slug)?.Operations.Select(operation => operation.Name) ?? [] : [],
        .. OwnWords,
        .. Root.Subcommands.Where(verb => !verb.Hidden).Select(verb => verb.Name),
        .. Modes.Where(mode => mode.Operations.Count > 0).Select(mode => mode.Slug),
    ];

    private static bool IsProgram(string word) => word is Program or "./" + Program;

    public Command? Verb(string name) => Root.Subcommands.FirstOrDefault(verb => verb.Name == name);

    /// <summary>The operation that the words ask for, and how many of them name it.</summary>
    public (ModeView Mode, ModeOperationView Operation, int Words)? Find(IReadOnlyList<string> words)
    {
        if (Used is { } used && Mode(used) is { } at && words.Count > 0 && Operation(at, words[0]) is { } named)
        {
            return (at, named, 1);
        }

        var isVerb = words.Count > 1 && Verb(words[0])?.Subcommands.Any(sub => sub.Name == words[1]) == true;
        return !isVerb && words.Count > 1 && Mode(words[0]) is { } mode && Operation(mode, words[1]) is { } operation ? (mode, operation, 2) : null;
    }

    private static ModeOperationView? Operation(ModeView mode, string name) => mode.Operations.FirstOrDefault(operation => operation.Name == name);
}
