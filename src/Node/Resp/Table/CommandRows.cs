using Cluster.Node.Resp.Commands;
using Cluster.Node.Resp.Protocol;

namespace Cluster.Node.Resp.Table;

/// <summary>What the tables of the groups share: a group's name and kinds on all its rows, and containers, each with its HELP.</summary>
internal static class CommandRows
{
    /// <summary>The kinds that a container's subcommands are of are said with them: the container itself is of none.</summary>
    public static IReadOnlyList<CommandSpec> InGroup(string group, CommandCategories categories, IReadOnlyList<CommandSpec> rows) =>
        [.. rows.Select(row => row.Subcommands.Count > 0 ? row with { Group = group } : row with { Group = group, Categories = row.Categories | categories })];

    /// <param name="categories">Of all its subcommands.</param>
    /// <param name="helpSince">The Redis version that had HELP first.</param>
    public static CommandSpec Container(string name, string group, CommandCategories categories, string since, string helpSince, string summary, params IReadOnlyList<CommandSpec> subcommands)
    {
        IReadOnlyList<CommandSpec> all = [];
        var help = new CommandSpec(name + "|help", 2, CommandFlags.Loading | CommandFlags.Stale, helpSince, "O(1)", "Tells what subcommands there are.",
            (RespSession _, in RespArguments _) => Help(name, all));
        all = [.. subcommands.Append(help).Select(subcommand => subcommand with { Group = group, Categories = subcommand.Categories | categories })];
        return new CommandSpec(name, -2, CommandFlags.None, since, "Depends on subcommand.", summary, null) { Group = group, Subcommands = all };
    }

    private static CommandCall Help(string name, IReadOnlyList<CommandSpec> subcommands)
    {
        var lines = new List<RespValue> { RespValue.Simple($"{name.ToUpperInvariant()} <subcommand> [<arg> [value] [opt] ...]. Subcommands are:") };
        foreach (var spec in subcommands)
        {
            var usage = CommandSyntax.Print(spec with { Arguments = CommandSyntax.Parse(spec.Syntax) });
            lines.Add(RespValue.Simple(usage[(name.Length + 1)..]));
            lines.Add(RespValue.Simple("    " + spec.Summary));
        }

        return RespValue.Array(lines);
    }
}
