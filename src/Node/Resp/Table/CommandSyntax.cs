namespace Cluster.Node.Resp.Table;

/// <summary>
/// Reads the notation in which the table says a command's arguments, and prints them as people read them.
/// <code>
/// key:key [GET] [condition=&lt;NX | XX&gt;] [MATCH pattern:pattern] (key_value=(key:key value))...
/// </code>
/// A word in capitals is a token; <c>name:type</c> a value (a string where no type stands; <c>key1</c> is a key of the second key specification);
/// <c>name=&lt;a | b&gt;</c> a choice; <c>name=(a b)</c> a group; brackets make optional, dots repeat, <c>...!</c> repeats with the token.
/// </summary>
internal ref struct CommandSyntax
{
    private readonly ReadOnlySpan<char> text;
    private int at;

    private CommandSyntax(ReadOnlySpan<char> text) => this.text = text;

    /// <exception cref="FormatException">The notation is wrong: a mistake in the table.</exception>
    public static IReadOnlyList<CommandArgument> Parse(string notation)
    {
        var syntax = new CommandSyntax(notation);
        var arguments = syntax.Sequence();
        return syntax.at == notation.Length ? arguments : throw syntax.Wrong("nothing more");
    }

    /// <summary>A command line as documentation shows it: <c>GETEX key [EX seconds | PX milliseconds | PERSIST]</c>.</summary>
    public static string Print(CommandSpec command)
    {
        var words = command.Arguments.Select(Print).Prepend(command.Name.Replace('|', ' ').ToUpperInvariant());
        return string.Join(' ', words);
    }

    private static string Print(CommandArgument argument)
    {
        var inner = argument.Type switch
        {
            "pure-token" => argument.Token!,
            "oneof" => string.Join(" | ", argument.Arguments.Select(Print)),
            "block" => string.Join(' ', argument.Arguments.Select(Print)),
            _ => argument.Name,
        };
        var choice = argument.Type == "oneof" && !argument.Optional;
        inner = choice ? $"<{inner}>" : inner;
        if (argument.Token is { } token && argument.Type != "pure-token")
        {
            inner = $"{token} {inner}";
        }

        if (argument.Multiple)
        {
            inner = $"{inner} [{inner} ...]";
        }

        return argument.Optional ? $"[{inner}]" : inner;
    }

    private List<CommandArgument> Sequence()
    {
        var arguments = new List<CommandArgument>();
        for (Blank(); at < text.Length && text[at] is not (']' or ')' or '>' or '|'); Blank())
        {
            arguments.Add(Argument());
        }

        return arguments;
    }

    private CommandArgument Argument()
    {
        if (!Take('['))
        {
            return Repeated(Plain());
        }

        var inside = Repeated(Plain());
        Blank();
        Expect(']');
        return Repeated(inside with { Optional = true });
    }

    private CommandArgument Plain()
    {
        var word = Word();
        if (!char.IsAsciiLetterUpper(word[0]))
        {
            return Named(word);
        }

        Blank();
        var alone = at == text.Length || !char.IsAsciiLetterLower(text[at]);
        return alone ? new CommandArgument(word.ToLowerInvariant(), "pure-token") { Token = word } : Named(Word()) with { Token = word };
    }

    private CommandArgument Named(string name)
    {
        if (Take('='))
        {
            return Take('<') ? Choice(name) : Group(name);
        }

        var type = Take(':') ? Word() : "string";
        return type.StartsWith("key", StringComparison.Ordinal)
            ? new CommandArgument(name, "key") { KeySpec = type == "key1" ? 1 : 0 }
            : new CommandArgument(name, type);
    }

    private CommandArgument Choice(string name)
    {
        var alternatives = new List<CommandArgument>();
        do
        {
            Blank();
            alternatives.Add(Argument());
            Blank();
        }
        while (Take('|'));
        Expect('>');
        return new CommandArgument(name, "oneof") { Arguments = alternatives };
    }

    private CommandArgument Group(string name)
    {
        Expect('(');
        var arguments = Sequence();
        Expect(')');
        return new CommandArgument(name, "block") { Arguments = arguments };
    }

    private CommandArgument Repeated(CommandArgument argument)
    {
        if (!text[at..].StartsWith("..."))
        {
            return argument;
        }

        at += 3;
        return argument with { Multiple = true, MultipleToken = Take('!') };
    }

    private string Word()
    {
        var start = at;
        while (at < text.Length && (char.IsAsciiLetterOrDigit(text[at]) || text[at] is '-' or '_' or '/'))
        {
            at++;
        }

        return at > start ? text[start..at].ToString() : throw Wrong("a word");
    }

    private void Blank()
    {
        while (at < text.Length && text[at] == ' ')
        {
            at++;
        }
    }

    private bool Take(char wanted)
    {
        var found = at < text.Length && text[at] == wanted;
        at += found ? 1 : 0;
        return found;
    }

    private void Expect(char wanted)
    {
        if (!Take(wanted))
        {
            throw Wrong($"'{wanted}'");
        }
    }

    private readonly FormatException Wrong(string expected) => new($"'{text}' is no argument list: {expected} expected at {at}");
}
