using System.CommandLine;

namespace Cluster.Client;

/// <summary>Says what was not understood, what was probably meant, and where help is.</summary>
internal static class UsageReport
{
    public static int Write(ParseResult parsed, IReadOnlyList<string> args)
    {
        var command = parsed.CommandResult.Command;
        var path = Path(parsed.CommandResult);
        var unknown = parsed.UnmatchedTokens.Count > 0 ? parsed.UnmatchedTokens[0] : null;
        if (unknown is not null)
        {
            var isOption = unknown.StartsWith('-');
            var kind = isOption ? "option" : command.Subcommands.Count > 0 ? "command" : "argument";
            var candidates = isOption
                ? command.Options.SelectMany(option => (string[])[option.Name, .. option.Aliases])
                : command.Subcommands.Select(verb => verb.Name);
            var suggestion = Suggestion.For(unknown, candidates);
            Console.Error.WriteLine($"lab: '{path}' knows no {kind} '{unknown}'{Suggestion.Words(suggestion)}");
        }
        else
        {
            foreach (var message in parsed.Errors.Select(error => error.Message).Distinct())
            {
                Console.Error.WriteLine("lab: " + message);
            }
        }

        Console.Error.WriteLine($"See '{path} --help'.");
        return ExitCodes.Usage;
    }

    private static string Path(System.CommandLine.Parsing.SymbolResult result) => result switch
    {
        System.CommandLine.Parsing.CommandResult { Parent: System.CommandLine.Parsing.CommandResult parent } command => $"{Path(parent)} {command.Command.Name}",
        _ => "lab",
    };
}
