using System.Text;
using Cluster.Node.Resp.Protocol;

namespace Cluster.Node.Resp.Commands;

/// <summary>A command that only holds subcommands (CLIENT, CONFIG ...): finds the one asked for, checks its arguments, and answers HELP from the same table.</summary>
internal static class CommandContainer
{
    public static CommandSpec Create(string name, string group, string since, string summary, IReadOnlyList<CommandSpec> subcommands, int arity = -2, CommandHandler? bare = null)
    {
        CommandSpec help = null!;
        help = CommandSpec.Keyless(name + "|help", 2, CommandFlags.Loading | CommandFlags.Stale, group, "5.0.0", "This text.",
            (RespSession _, in RespArguments _) => Help(name, [.. subcommands, help]));
        IReadOnlyList<CommandSpec> all = [.. subcommands, help];
        return CommandSpec.Keyless(name, arity, CommandFlags.Loading | CommandFlags.Stale, group, since, summary,
            (RespSession session, in RespArguments arguments) => arguments.Count == 1 && bare is not null ? bare(session, arguments) : Run(name, all, session, arguments)) with
        {
            Subcommands = all,
        };
    }

    /// <summary>Finds a subcommand by the second argument.</summary>
    public static CommandSpec? Find(IReadOnlyList<CommandSpec> subcommands, in RespArguments arguments)
    {
        foreach (var spec in subcommands)
        {
            if (Ascii.EqualsIgnoreCase(arguments[1], spec.Name.AsSpan(spec.Name.IndexOf('|', StringComparison.Ordinal) + 1)))
            {
                return spec;
            }
        }

        return null;
    }

    private static CommandCall Run(string name, IReadOnlyList<CommandSpec> subcommands, RespSession session, in RespArguments arguments)
    {
        if (Find(subcommands, arguments) is not { } spec)
        {
            var asked = arguments.Text(1);
            return CommandCall.Error($"ERR unknown subcommand '{(asked.Length > 128 ? asked[..128] : asked)}'. Try {name.ToUpperInvariant()} HELP.");
        }

        session.LastCommand = spec.Name;
        return spec.Accepts(arguments.Count) ? spec.Handler(session, arguments) : CommandCall.Error(ErrorReplies.WrongArity(spec.Name));
    }

    private static CommandCall Help(string name, IReadOnlyList<CommandSpec> subcommands)
    {
        var lines = new List<RespValue> { RespValue.Simple($"{name.ToUpperInvariant()} <subcommand> [<arg> ...]. Subcommands are:") };
        foreach (var spec in subcommands)
        {
            lines.Add(RespValue.Simple(spec.Name[(name.Length + 1)..].ToUpperInvariant()));
            lines.Add(RespValue.Simple("    " + spec.Summary));
        }

        return RespValue.Array(lines);
    }
}
