using System.Collections.Frozen;
using System.Text;
using Cluster.Node.Resp.Commands;
using Cluster.Node.Resp.Protocol;

namespace Cluster.Node.Resp.Table;

/// <summary>
/// Every command there is, as data, found by name in any case. Dispatch, the checks before it, COMMAND with all its subcommands, HELP, and the README's
/// list all read this one table.
/// </summary>
internal static class CommandTable
{
    private const int MaxNameLength = 32;

    /// <summary>All commands in table order, each followed by its subcommands; a command's <see cref="CommandSpec.Index"/> is its place.</summary>
    public static readonly IReadOnlyList<CommandSpec> Everything;

    /// <summary>All commands in table order; subcommands only in their containers.</summary>
    public static readonly IReadOnlyList<CommandSpec> All;

    private static readonly FrozenDictionary<string, CommandSpec>.AlternateLookup<ReadOnlySpan<char>> BySpan;

    static CommandTable()
    {
        IReadOnlyList<CommandSpec> rows = [.. ConnectionRows.All, .. StringRows.All, .. GenericRows.All, .. TransactionRows.All, .. PubSubRows.All, .. ServerRows.All, .. ClusterRows.All];
        var everything = new List<CommandSpec>();
        var all = new List<CommandSpec>();
        foreach (var row in rows)
        {
            var at = everything.Count;
            everything.Add(row);
            var subcommands = new List<CommandSpec>();
            foreach (var subcommand in row.Subcommands)
            {
                subcommands.Add(Placed(subcommand, everything.Count));
                everything.Add(subcommands[^1]);
            }

            everything[at] = Placed(row, at) with { Subcommands = subcommands };
            all.Add(everything[at]);
        }

        Everything = everything;
        All = all;
        BySpan = all.ToFrozenDictionary(spec => spec.Name, StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>Finds a command without allocating; null when there is none of this name.</summary>
    public static CommandSpec? Find(ReadOnlySpan<byte> name)
    {
        Span<char> lower = stackalloc char[MaxNameLength];
        if (name.Length > lower.Length)
        {
            return null;
        }

        for (var i = 0; i < name.Length; i++)
        {
            var value = name[i];
            lower[i] = (char)(value is >= (byte)'A' and <= (byte)'Z' ? value | 0x20 : value);
        }

        return BySpan.TryGetValue(lower[..name.Length], out var spec) ? spec : null;
    }

    /// <summary>Finds a command by its full name, a subcommand by <c>client|id</c>.</summary>
    public static CommandSpec? FindFull(ReadOnlySpan<byte> name)
    {
        var bar = name.IndexOf((byte)'|');
        return bar < 0 ? Find(name) : Find(name[..bar]) is { } container ? FindSubcommand(container, name[(bar + 1)..]) : null;
    }

    /// <summary>Finds the command or subcommand that arguments ask for; null when there is none.</summary>
    public static CommandSpec? Locate(in RespArguments arguments)
    {
        // COMMAND is both: a command of its own, and a container.
        var spec = Find(arguments[0]);
        return spec is { Subcommands.Count: > 0 } && arguments.Count > 1 ? FindSubcommand(spec, arguments[1]) : spec;
    }

    /// <summary>Finds what arguments ask for, and checks their number.</summary>
    /// <param name="error">What is wrong, in Redis's words, when there is no such command or it takes another number of arguments.</param>
    public static CommandSpec? Resolve(in RespArguments arguments, out string error)
    {
        var spec = Locate(arguments);
        error = spec is null ? ErrorReplies.Unknown(arguments, Find(arguments[0])?.Name) : spec.Accepts(arguments.Count) ? "" : ErrorReplies.WrongArity(spec.Name);
        return error.Length == 0 ? spec : null;
    }

    private static CommandSpec? FindSubcommand(CommandSpec container, ReadOnlySpan<byte> name)
    {
        foreach (var spec in container.Subcommands)
        {
            if (Ascii.EqualsIgnoreCase(name, spec.Name.AsSpan(container.Name.Length + 1)))
            {
                return spec;
            }
        }

        return null;
    }

    private static CommandSpec Placed(CommandSpec row, int index) => row with { Index = index, Arguments = CommandSyntax.Parse(row.Syntax) };
}
