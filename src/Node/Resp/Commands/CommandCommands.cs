using System.Text;
using Cluster.Node.Resp.Protocol;

namespace Cluster.Node.Resp.Commands;

/// <summary>COMMAND: the command table, told to clients.</summary>
internal static class CommandCommands
{
    private static readonly (CommandFlags Flag, string Name)[] FlagNames =
    [
        (CommandFlags.ReadOnly, "readonly"), (CommandFlags.Write, "write"), (CommandFlags.DenyOom, "denyoom"), (CommandFlags.Fast, "fast"),
        (CommandFlags.Admin, "admin"), (CommandFlags.NoAuth, "no_auth"), (CommandFlags.Loading, "loading"), (CommandFlags.Stale, "stale"),
    ];

    public static readonly CommandSpec Container = CommandContainer.Create("command", "server", "2.8.13", "The commands there are.",
    [
        Sub("count", 2, "2.8.13", "How many commands there are.", (RespSession _, in RespArguments _) => RespValue.Integer(CommandTable.Count)),
        Sub("info", -2, "2.8.13", "[<command> ...]: arity, flags and keys of commands.", Info),
        Sub("docs", -2, "7.0.0", "[<command> ...]: what commands do.", Docs),
        Sub("list", -2, "7.0.0", "[FILTERBY MODULE|ACLCAT|PATTERN <x>]: the commands' names.", List),
        Sub("getkeys", -4, "2.8.13", "<command> [<arg> ...]: which of the arguments are keys.", GetKeys),
    ], arity: -1, bare: (RespSession _, in RespArguments _) => RespValue.Array(CommandTable.All.Select(Describe).ToArray()));

    private static CommandSpec Sub(string name, int arity, string since, string summary, CommandHandler handler) =>
        CommandSpec.Keyless("command|" + name, arity, CommandFlags.Loading | CommandFlags.Stale, "server", since, summary, handler);

    private static CommandCall Info(RespSession session, in RespArguments arguments)
    {
        if (arguments.Count == 2)
        {
            return RespValue.Array(CommandTable.All.Select(Describe).ToArray());
        }

        var found = new List<RespValue>();
        for (var i = 2; i < arguments.Count; i++)
        {
            found.Add(FindWithSubcommands(arguments[i]) is { } spec ? Describe(spec) : RespValue.Null);
        }

        return RespValue.Array(found);
    }

    private static CommandCall Docs(RespSession session, in RespArguments arguments)
    {
        var pairs = new List<RespValue>();
        if (arguments.Count == 2)
        {
            foreach (var spec in CommandTable.All)
            {
                AddDocs(spec, pairs);
            }
        }

        for (var i = 2; i < arguments.Count; i++)
        {
            if (FindWithSubcommands(arguments[i]) is { } spec)
            {
                AddDocs(spec, pairs);
            }
        }

        return RespValue.Map(pairs);
    }

    private static CommandCall List(RespSession session, in RespArguments arguments)
    {
        if (arguments.Count == 2)
        {
            return Names(static _ => true);
        }

        if (arguments.Count != 5 || !arguments.Is(2, "FILTERBY"u8))
        {
            return CommandCall.Error(ErrorReplies.Syntax);
        }

        if (arguments.Is(3, "PATTERN"u8))
        {
            var pattern = Encoding.ASCII.GetBytes(arguments.Text(4).ToLowerInvariant());
            return Names(spec => Glob.Matches(pattern, Encoding.ASCII.GetBytes(spec.Name)));
        }

        if (arguments.Is(3, "ACLCAT"u8))
        {
            var category = "@" + arguments.Text(4).ToLowerInvariant();
            return Names(spec => Categories(spec).Contains(category));
        }

        return arguments.Is(3, "MODULE"u8) ? RespValue.EmptyArray : CommandCall.Error(ErrorReplies.Syntax);
    }

    private static CommandCall GetKeys(RespSession session, in RespArguments arguments)
    {
        if (CommandTable.Find(arguments[2]) is not { } spec)
        {
            return CommandCall.Error("ERR Invalid command specified");
        }

        if (spec.FirstKey == 0)
        {
            return CommandCall.Error("ERR The command has no key arguments");
        }

        var inner = arguments.From(2);
        if (!spec.Accepts(inner.Count))
        {
            return CommandCall.Error("ERR Invalid number of arguments specified for command");
        }

        var keys = new List<RespValue>();
        var last = spec.LastKey < 0 ? inner.Count + spec.LastKey : spec.LastKey;
        for (var i = spec.FirstKey; i <= last; i += spec.KeyStep)
        {
            keys.Add(RespValue.Bulk(inner.Value(i)));
        }

        return RespValue.Array(keys);
    }

    private static CommandCall Names(Func<CommandSpec, bool> chosen) =>
        RespValue.Array(CommandTable.All.Where(chosen).Select(spec => RespValue.Bulk(spec.Name)).ToArray());

    private static CommandSpec? FindWithSubcommands(ReadOnlySpan<byte> name)
    {
        var bar = name.IndexOf((byte)'|');
        if (bar < 0)
        {
            return CommandTable.Find(name);
        }

        var full = Encoding.UTF8.GetString(name).ToLowerInvariant();
        return CommandTable.Find(name[..bar])?.Subcommands.FirstOrDefault(spec => spec.Name == full);
    }

    /// <summary>Redis 7's ten fields; tips and key specifications are optional there and empty here.</summary>
    private static RespValue Describe(CommandSpec spec) => RespValue.Array(
        RespValue.Bulk(spec.Name),
        RespValue.Integer(spec.Arity),
        RespValue.Set(FlagNames.Where(flag => spec.Flags.HasFlag(flag.Flag)).Select(flag => RespValue.Simple(flag.Name)).ToArray()),
        RespValue.Integer(spec.FirstKey),
        RespValue.Integer(spec.LastKey),
        RespValue.Integer(spec.KeyStep),
        RespValue.Set(Categories(spec).Select(RespValue.Simple).ToArray()),
        RespValue.EmptyArray,
        RespValue.EmptyArray,
        RespValue.Array(spec.Subcommands.Select(Describe).ToArray()));

    private static IEnumerable<string> Categories(CommandSpec spec)
    {
        if (spec.Flags.HasFlag(CommandFlags.ReadOnly))
        {
            yield return "@read";
        }

        if (spec.Flags.HasFlag(CommandFlags.Write))
        {
            yield return "@write";
        }

        if (spec.Group is "string" or "connection")
        {
            yield return "@" + spec.Group;
        }
        else if (spec.Group == "generic")
        {
            yield return "@keyspace";
        }

        yield return spec.Flags.HasFlag(CommandFlags.Fast) ? "@fast" : "@slow";
    }

    private static void AddDocs(CommandSpec spec, List<RespValue> pairs)
    {
        var fields = new List<RespValue>
        {
            RespValue.Bulk("summary"), RespValue.Bulk(spec.Summary),
            RespValue.Bulk("since"), RespValue.Bulk(spec.Since),
            RespValue.Bulk("group"), RespValue.Bulk(spec.Group),
        };
        if (spec.Subcommands.Count > 0)
        {
            var subcommands = new List<RespValue>();
            foreach (var subcommand in spec.Subcommands)
            {
                AddDocs(subcommand, subcommands);
            }

            fields.Add(RespValue.Bulk("subcommands"));
            fields.Add(RespValue.Map(subcommands));
        }

        pairs.Add(RespValue.Bulk(spec.Name));
        pairs.Add(RespValue.Map(fields));
    }
}
