using System.Text;
using Cluster.Node.Resp.Protocol;
using Cluster.Node.Resp.Table;
using Cluster.Shared.Patterns;

namespace Cluster.Node.Resp.Commands;

/// <summary>COMMAND: the command table, told to clients. How a command is described is <see cref="CommandDescription"/>'s.</summary>
internal static class CommandCommands
{
    public static CommandCall Everything(RespSession session, in RespArguments arguments) =>
        RespValue.Array(CommandTable.All.Select(CommandDescription.Info).ToArray());

    public static CommandCall Count(RespSession session, in RespArguments arguments) => RespValue.Integer(CommandTable.All.Count);

    public static CommandCall Info(RespSession session, in RespArguments arguments)
    {
        if (arguments.Count == 2)
        {
            return Everything(session, arguments);
        }

        var found = new List<RespValue>();
        for (var i = 2; i < arguments.Count; i++)
        {
            found.Add(CommandTable.FindFull(arguments[i]) is { } spec ? CommandDescription.Info(spec) : RespValue.Null);
        }

        return RespValue.Array(found);
    }

    public static CommandCall Docs(RespSession session, in RespArguments arguments)
    {
        var chosen = new List<CommandSpec>();
        for (var i = 2; i < arguments.Count; i++)
        {
            if (CommandTable.FindFull(arguments[i]) is { } spec)
            {
                chosen.Add(spec);
            }
        }

        return CommandDescription.Docs(arguments.Count == 2 ? CommandTable.All : chosen);
    }

    public static CommandCall List(RespSession session, in RespArguments arguments)
    {
        if (arguments.Count == 2)
        {
            return Names(CommandTable.All);
        }

        if (arguments.Count != 5 || !arguments.Is(2, "FILTERBY"u8))
        {
            return CommandCall.Error(ErrorReplies.Syntax);
        }

        if (arguments.Is(3, "PATTERN"u8))
        {
            var pattern = Encoding.ASCII.GetBytes(arguments.Text(4).ToLowerInvariant());
            return Names(CommandTable.Everything.Where(spec => Glob.Matches(pattern, Encoding.ASCII.GetBytes(spec.Name))));
        }

        if (arguments.Is(3, "ACLCAT"u8))
        {
            var category = "@" + arguments.Text(4).ToLowerInvariant();
            return Names(CommandTable.Everything.Where(spec => CommandDescription.CategoryNames(spec).Contains(category)));
        }

        return arguments.Is(3, "MODULE"u8) ? RespValue.EmptyArray : CommandCall.Error(ErrorReplies.Syntax);
    }

    public static CommandCall GetKeys(RespSession session, in RespArguments arguments) =>
        KeysOf(arguments.From(2), static (key, _) => RespValue.Bulk(key));

    public static CommandCall GetKeysAndFlags(RespSession session, in RespArguments arguments) =>
        KeysOf(arguments.From(2), static (key, spec) => RespValue.Array(RespValue.Bulk(key), CommandDescription.AccessOf(spec)));

    private static CommandCall KeysOf(in RespArguments command, Func<Google.Protobuf.ByteString, KeySpec, RespValue> describe)
    {
        if (CommandTable.Locate(command) is not { } spec)
        {
            return CommandCall.Error("ERR Invalid command specified");
        }

        if (spec.Keys.All(where => where.Access == KeySpec.NotKey))
        {
            return CommandCall.Error("ERR The command has no key arguments");
        }

        if (!spec.Accepts(command.Count))
        {
            return CommandCall.Error("ERR Invalid number of arguments specified for command");
        }

        var keys = new List<RespValue>();
        foreach (var where in spec.Keys)
        {
            for (var i = where.Index; i <= where.LastOf(command.Count); i += where.Step)
            {
                keys.Add(describe(command.Value(i), where));
            }
        }

        return RespValue.Array(keys);
    }

    private static CommandCall Names(IEnumerable<CommandSpec> specs) => RespValue.Array(specs.Select(spec => RespValue.Bulk(spec.Name)).ToArray());
}
