using System.Text;

namespace Cluster.Node.Options;

/// <summary>
/// Reads <see cref="NodeOptions"/> from the command line and the environment. Every mistake gets a line of its own that names the option; nothing is
/// guessed. Written as <c>--option value</c> or <c>--option=value</c>; the last of two wins, the command line wins over the environment.
/// </summary>
public static class NodeOptionsParser
{
    /// <param name="environment">Looks up a variable; an empty one counts as not set, since compose files pass those.</param>
    public static OptionsOutcome Parse(IReadOnlyList<string> arguments, Func<string, string?> environment)
    {
        var options = new NodeOptions();
        var mistakes = new List<string>();
        foreach (var spec in OptionTable.All)
        {
            if (spec.Environment is { } variable && environment(variable) is { Length: > 0 } value)
            {
                if (spec.IsSwitch)
                {
                    Switch(spec, variable, value, ref options, mistakes);
                }
                else
                {
                    Apply(spec, variable, value, ref options, mistakes);
                }
            }
        }

        for (var i = 0; i < arguments.Count; i++)
        {
            if (arguments[i] is "--help" or "-h" or "-?")
            {
                return new OptionsOutcome(null, Help(), ExitCode.Ok);
            }

            i += ReadOption(arguments, i, ref options, mistakes);
        }

        if (mistakes.Count == 0)
        {
            mistakes.AddRange(OptionTable.Contradictions(options));
        }

        return mistakes.Count == 0 ? new OptionsOutcome(options, [], ExitCode.Ok) : new OptionsOutcome(null, mistakes, ExitCode.Usage);
    }

    /// <summary>What is wrong with options by themselves, for whoever wants to know before a node is started. Of what is missing, or contradicts another, nothing is said.</summary>
    public static IReadOnlyList<string> MistakesOf(IReadOnlyList<string> arguments)
    {
        var options = new NodeOptions();
        var mistakes = new List<string>();
        for (var i = 0; i < arguments.Count; i++)
        {
            i += ReadOption(arguments, i, ref options, mistakes);
        }

        return mistakes;
    }

    /// <summary>Reads the option at an index; returns how many further arguments it took.</summary>
    private static int ReadOption(IReadOnlyList<string> arguments, int index, ref NodeOptions options, List<string> mistakes)
    {
        var written = arguments[index];
        var equals = written.StartsWith("--", StringComparison.Ordinal) ? written.IndexOf('=', StringComparison.Ordinal) : -1;
        var name = equals < 0 ? written : written[..equals];
        var spec = OptionTable.All.FirstOrDefault(candidate => candidate.Name == name);
        if (spec is null)
        {
            mistakes.Add(Unknown(name));

            // What follows an unknown option is most likely its value; a second line about it would only confuse.
            return equals < 0 && name.StartsWith('-') && index + 1 < arguments.Count && !arguments[index + 1].StartsWith('-') ? 1 : 0;
        }

        if (spec.IsSwitch)
        {
            if (equals >= 0)
            {
                mistakes.Add($"{name} takes no value");
                return 0;
            }

            Apply(spec, name, "", ref options, mistakes);
            return 0;
        }

        if (equals < 0 && (index + 1 >= arguments.Count || arguments[index + 1].StartsWith("--", StringComparison.Ordinal)))
        {
            mistakes.Add($"{name} needs a value: {name} {spec.Value}");
            return 0;
        }

        var value = equals < 0 ? arguments[index + 1] : written[(equals + 1)..];
        if (value.Length == 0)
        {
            mistakes.Add($"{name} needs a value: {name} {spec.Value}");
        }
        else
        {
            Apply(spec, name, value, ref options, mistakes);
        }

        return equals < 0 ? 1 : 0;
    }

    /// <summary>A variable cannot be left out as a switch can, since compose files name it always: its value turns it on or leaves it off.</summary>
    private static void Switch(OptionSpec spec, string variable, string value, ref NodeOptions options, List<string> mistakes)
    {
        if (value is "1" or "true")
        {
            Apply(spec, variable, "", ref options, mistakes);
        }
        else if (value is not ("0" or "false"))
        {
            mistakes.Add($"{variable} '{Shorten(value)}': write 1 for on, 0 for off");
        }
    }

    private static void Apply(OptionSpec spec, string source, string value, ref NodeOptions options, List<string> mistakes)
    {
        if (spec.Apply(value, ref options) is { } wrong)
        {
            // A secret is never echoed, not even a wrong one.
            var shown = source is "CLUSTER_ADMIN_TOKEN" or "CLUSTER_CLIENT_TOKEN" or "CLUSTER_PASSWORD" or "--resp-password" or "CLUSTER_POSTGRES" or "--postgres" ? "" : $" '{Shorten(value)}'";
            mistakes.Add($"{source}{shown}: {wrong}");
        }
    }

    private static string Unknown(string name)
    {
        var nearest = OptionTable.All.Where(spec => spec.Name is not null).MinBy(spec => Distance(spec.Name!, name))!.Name!;
        var hint = Distance(nearest, name) <= 3 ? $"did you mean {nearest}? " : "";
        return $"unknown option '{Shorten(name)}': {hint}--help lists what there is";
    }

    private static string Shorten(string text) => text.Length <= 80 ? text : text[..80] + "...";

    /// <summary>Levenshtein's edit distance.</summary>
    private static int Distance(string left, string right)
    {
        if (right.Length > 64)
        {
            return int.MaxValue;
        }

        var row = Enumerable.Range(0, right.Length + 1).ToArray();
        for (var i = 1; i <= left.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var above = row[j];
                row[j] = Math.Min(Math.Min(above, row[j - 1]) + 1, diagonal + (left[i - 1] == right[j - 1] ? 0 : 1));
                diagonal = above;
            }
        }

        return row[right.Length];
    }

    private static List<string> Help()
    {
        var lines = new List<string>
        {
            "Cluster.Node: one node of a Cluster Lab cluster, with remoting, HTTP and the Redis protocol.",
            "",
            "usage: Cluster.Node --seeds HOST:PORT[,HOST:PORT...] [options]",
            "example: Cluster.Node --name n1 --seeds 127.0.0.1:4053 --data ./n1",
            "",
        };
        var left = OptionTable.All.Select(spec => spec.Name is null ? spec.Environment! : spec.IsSwitch ? spec.Name : $"{spec.Name} {spec.Value}").ToArray();
        var width = left.Max(text => text.Length);
        for (var i = 0; i < left.Length; i++)
        {
            var spec = OptionTable.All[i];
            var line = new StringBuilder("  ").Append(left[i].PadRight(width)).Append("  ").Append(spec.Help).Append(" Default: ").Append(spec.Default);
            if (spec.Name is not null && spec.Environment is not null)
            {
                line.Append("; environment: ").Append(spec.Environment);
            }

            lines.Add(line.Append('.').ToString());
        }

        lines.Add("  " + "--help".PadRight(width) + "  This text.");
        lines.Add("");
        lines.Add($"exit codes: {ExitCode.Ok} stopped as asked, {ExitCode.Usage} wrong usage, {ExitCode.Unavailable} a port or address could not be taken");
        return lines;
    }
}
