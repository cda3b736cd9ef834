namespace Cluster.Node.Options;

/// <summary>One option as data: parsing and help both come from here, so they cannot disagree.</summary>
/// <param name="Name">Written on the command line, with its dashes; null for one that only the environment may carry.</param>
/// <param name="Environment">The variable that stands in for it; null for none. The command line wins.</param>
/// <param name="Value">What its value is called in the help; null for a switch.</param>
/// <param name="Default">What holds when it is not given, in words.</param>
/// <param name="Help">What it does.</param>
/// <param name="Apply">Puts a value into the options.</param>
internal sealed record OptionSpec(string? Name, string? Environment, string? Value, string Default, string Help, ApplyOption Apply)
{
    public bool IsSwitch => Value is null;
}

/// <summary>Puts one value into the options; returns what is wrong with it, or null.</summary>
internal delegate string? ApplyOption(string value, ref NodeOptions options);
