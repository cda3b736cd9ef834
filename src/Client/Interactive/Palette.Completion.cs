using System.CommandLine;
using System.CommandLine.Completions;

namespace Cluster.Client.Interactive;

/// <content>What may come next.</content>
internal sealed partial record Palette
{
    /// <summary>Words that may stand in the place of the last one, in order; a word that ends in <c>=</c> is to be written on.</summary>
    public IReadOnlyList<string> Complete(IReadOnlyList<string> before, string last) =>
        [.. Candidates(before, last).Where(candidate => candidate.StartsWith(last, StringComparison.Ordinal)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    /// <summary>What is still to be written, as one would say it in help: shown behind the cursor.</summary>
    public string Hint(IReadOnlyList<string> words, bool endsInWord)
    {
        if (Find(words) is { } asked && words.Count >= asked.Words)
        {
            var given = words.Skip(asked.Words).Select(word => word.Split('=')[0]).ToHashSet(StringComparer.Ordinal);
            var missing = asked.Operation.Arguments.Where(argument => !given.Contains(argument.Name)).Select(Usage).ToList();
            return missing.Count == 0 ? "" : (endsInWord ? " " : "") + string.Join(' ', missing);
        }

        return words.Count == 1 && Verb(words[0]) is { Arguments.Count: > 0 } verb ? (endsInWord ? " " : "") + string.Join(' ', verb.Arguments.Select(argument => argument.Name)) : "";
    }

    private IEnumerable<string> Candidates(IReadOnlyList<string> before, string last)
    {
        if (before.Count > 0 && IsProgram(before[0]))
        {
            return before.Count == 1 ? Root.Subcommands.Select(verb => verb.Name) : OfVerb([.. before.Skip(1)], last);
        }

        if (before.Count == 0)
        {
            return FirstWords;
        }

        if (before.Count == 1 && OwnWords.Contains(before[0]))
        {
            return before[0] switch
            {
                "use" => Slugs,
                "node" => Nodes,
                "help" => FirstWords,
                _ => [],
            };
        }

        if (Find(before) is { } asked)
        {
            return OfOperation(asked.Operation, [.. before.Skip(asked.Words)], last);
        }

        var operations = before.Count == 1 || (before.Count == 2 && before[0] == "help") ? Mode(before[^1])?.Operations.Select(operation => operation.Name) ?? [] : [];
        return operations.Concat(OfVerb(before, last));
    }

    private IEnumerable<string> Slugs => Modes.Where(mode => mode.Operations.Count > 0).Select(mode => mode.Slug);

    /// <summary>Arguments that are not given yet; behind the sign of equality what may be chosen.</summary>
    private static IEnumerable<string> OfOperation(Shared.Http.ModeOperationView operation, IReadOnlyList<string> given, string last)
    {
        if (last.IndexOf('=', StringComparison.Ordinal) is > 0 and var at)
        {
            var name = last[..at];
            return operation.Arguments.Where(argument => argument.Name == name).SelectMany(argument => argument.Allowed).Select(value => $"{name}={value}");
        }

        return operation.Arguments.Where(argument => !given.Any(word => word.StartsWith(argument.Name + "=", StringComparison.Ordinal))).Select(argument => argument.Name + "=");
    }

    private IEnumerable<string> OfVerb(IReadOnlyList<string> before, string last)
    {
        if (Verb(before[0]) is not { } verb)
        {
            return [];
        }

        var command = before.Skip(1).Aggregate(verb, (at, word) => at.Subcommands.FirstOrDefault(sub => sub.Name == word) ?? at);
        if (last.StartsWith('-'))
        {
            return command.Options.Where(option => !option.Hidden).Select(option => option.Name);
        }

        if (command.Options.FirstOrDefault(option => option.Name == before[^1] || option.Aliases.Contains(before[^1])) is { } option)
        {
            return option.HelpName == "NODE" ? Nodes : option.GetCompletions(CompletionContext.Empty).Select(completion => completion.Label);
        }

        return command.Subcommands.Select(sub => sub.Name).Concat(Next(command, before) is { } argument ? OfArgument(argument) : []);
    }

    /// <summary>The argument that the next word would be of; null when all are full. Options' values are told from arguments by nothing but that an option stands before them.</summary>
    private static Argument? Next(Command command, IReadOnlyList<string> before)
    {
        var path = before.TakeWhile(word => word != command.Name).Count() + 1;
        var given = before.Skip(path).Where((word, at) => !word.StartsWith('-') && !before[path + at - 1].StartsWith('-')).Count();
        return command.Arguments.FirstOrDefault(argument => (given -= argument.Arity.MaximumNumberOfValues) < 0);
    }

    private IEnumerable<string> OfArgument(Argument argument) => argument.Name switch
    {
        "MODE" or "SLUG" => Modes.Select(mode => mode.Slug),
        var name when name.Contains("NODE", StringComparison.Ordinal) => Nodes,
        _ => argument.GetCompletions(CompletionContext.Empty).Select(completion => completion.Label),
    };
}
