using System.CommandLine;

namespace Cluster.Client.Verbs;

/// <summary>Options that several verbs take, each always by the same name and meaning.</summary>
internal static class VerbOptions
{
    /// <summary>LAB_DIR and LAB_PORT_OFFSET stand in for --dir and --port-offset, so that a shell can work on a cluster of its own.</summary>
    public static string DefaultDirectory { get; } = Environment.GetEnvironmentVariable("LAB_DIR") is { Length: > 0 } named ? named : ".lab";

    public static int DefaultPortOffset { get; } = int.TryParse(Environment.GetEnvironmentVariable("LAB_PORT_OFFSET"), out var offset) ? offset : 0;

    public static Option<string> Directory() => NotEmpty(new Option<string>("--dir")
    {
        Description = "Directory of the cluster: cluster.json, logs, data",
        DefaultValueFactory = _ => DefaultDirectory,
        HelpName = "DIR",
    });

    /// <summary>An option that names a file or a directory: an empty name is a variable that was not set.</summary>
    public static Option<T> NotEmpty<T>(Option<T> option)
    {
        option.Validators.Add(result =>
        {
            if (result.Tokens.Any(token => token.Value.Length == 0))
            {
                result.AddError($"{option.Name} is empty: name a {(option.HelpName is "DIR" ? "directory" : "file")}, or leave the option out");
            }
        });
        return option;
    }

    /// <summary>Names that stand in a path of HTTP: an empty one, '.' and '..' mean another place there.</summary>
    public static void Name(Argument argument) => argument.Validators.Add(result =>
    {
        if (result.Tokens.FirstOrDefault(token => token.Value is "" or "." or "..") is { Value: var name })
        {
            result.AddError(name.Length == 0 ? $"{argument.Name} is empty" : $"{argument.Name} is '{name}', which HTTP takes for a place: use a Redis client ('lab redis')");
        }
    });

    /// <summary>Which PostgreSQL the nodes use. An address may also stand in the environment, where a password is seen by nobody else.</summary>
    /// <param name="otherwise">What holds when it is not given, in words.</param>
    public static Option<string?> Postgres(string otherwise) => new("--postgres")
    {
        Description = $"PostgreSQL for the mode shared-everything: 'start' starts one of the lab's own, postgres://USER:PASSWORD@HOST:5432/DATABASE or an Npgsql connection string names another (environment: LAB_POSTGRES); {otherwise}",
        DefaultValueFactory = _ => Environment.GetEnvironmentVariable("LAB_POSTGRES") is { Length: > 0 } named ? named : null,
        HelpName = "start|URL",
    };

    /// <param name="more">Formats besides the usual two.</param>
    public static Option<string> Output(params string[] more)
    {
        string[] formats = ["table", "json", .. more];
        var option = new Option<string>("--output", "-o") { Description = string.Join(" or ", formats), DefaultValueFactory = _ => "table", HelpName = "FORMAT" };
        option.AcceptOnlyFromAmong(formats);
        return option;
    }

    public static Argument<string> Node() => new("NODE") { Description = "A node's name, as 'lab status' shows it" };

    public static Argument<string[]> Nodes() => new("NODE") { Description = "Names of nodes, as 'lab status' shows them", Arity = ArgumentArity.OneOrMore };

    /// <summary>An option whose text is read by a parser of ours; its complaint is the error message.</summary>
    public static Option<T?> Parsed<T>(string name, string description, string helpName, Func<string, T> parse)
        where T : struct =>
        new(name)
        {
            Description = description,
            HelpName = helpName,
            CustomParser = result =>
            {
                try
                {
                    return parse(result.Tokens[0].Value);
                }
                catch (FormatException e)
                {
                    result.AddError($"{name}: {e.Message}");
                    return null;
                }
            },
        };

    /// <summary>How long clients work under faults; null when it is not given.</summary>
    public static Option<int?> Seconds(string description)
    {
        const int Most = 86_400;
        return Parsed("--seconds", $"{description} (1 to {Most}; the mode's own time when not given)", "N", static text =>
            int.TryParse(text, out var seconds) && seconds is >= 1 and <= Most ? seconds : throw new FormatException($"'{text}' is not a whole number from 1 to {Most}"));
    }

    /// <summary>A whole number within bounds.</summary>
    public static Option<int> Number(string name, string description, int fallback, int min, int max)
    {
        var option = new Option<int>(name) { Description = $"{description} ({min} to {max})", DefaultValueFactory = _ => fallback, HelpName = "N" };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && (!int.TryParse(result.Tokens[0].Value, out var number) || number < min || number > max))
            {
                result.AddError($"{name} is {result.Tokens[0].Value}; it must be a whole number from {min} to {max}");
            }
        });
        return option;
    }
}
