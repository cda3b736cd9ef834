using Cluster.Node.Resp.Protocol;
using Cluster.Node.Resp.Table;

namespace Cluster.Node.Resp.Commands;

/// <summary>A command of the table in the shapes of Redis 7: COMMAND INFO's ten fields and COMMAND DOCS' map, field for field in Redis's order.</summary>
internal static class CommandDescription
{
    private static readonly (CommandFlags Flag, string Name)[] FlagNames =
    [
        (CommandFlags.Write, "write"), (CommandFlags.ReadOnly, "readonly"), (CommandFlags.DenyOom, "denyoom"), (CommandFlags.Admin, "admin"), (CommandFlags.PubSub, "pubsub"), (CommandFlags.NoScript, "noscript"),
        (CommandFlags.Loading, "loading"), (CommandFlags.Stale, "stale"), (CommandFlags.Fast, "fast"), (CommandFlags.NoAuth, "no_auth"),
        (CommandFlags.NoAsyncLoading, "no_async_loading"), (CommandFlags.NoMulti, "no_multi"), (CommandFlags.AllowBusy, "allow_busy"),
    ];

    private static readonly CommandCategories[] Categories = Enum.GetValues<CommandCategories>()[1..];

    public static RespValue Info(CommandSpec spec) => RespValue.Array(
        RespValue.Bulk(spec.Name),
        RespValue.Integer(spec.Arity),
        RespValue.Set(FlagNames.Where(flag => spec.Flags.HasFlag(flag.Flag)).Select(flag => RespValue.Simple(flag.Name)).ToArray()),
        RespValue.Integer(spec.FirstKey),
        RespValue.Integer(spec.LastKey),
        RespValue.Integer(spec.KeyStep),
        RespValue.Set(CategoryNames(spec).Select(RespValue.Simple).ToArray()),
        RespValue.Set(spec.Tips.Select(RespValue.Bulk).ToArray()),
        RespValue.Set(spec.Keys.Select(KeySpecification).ToArray()),
        RespValue.Set(spec.Subcommands.Select(Info).ToArray()));

    public static RespValue Docs(IReadOnlyList<CommandSpec> specs)
    {
        var pairs = new List<RespValue>(specs.Count * 2);
        foreach (var spec in specs)
        {
            pairs.Add(RespValue.Bulk(spec.Name));
            pairs.Add(Docs(spec));
        }

        return RespValue.Map(pairs);
    }

    public static IEnumerable<string> CategoryNames(CommandSpec spec) =>
        Categories.Where(category => spec.AllCategories.HasFlag(category)).Select(category => "@" + category.ToString().ToLowerInvariant());

    /// <summary>What a call of a command may do to a key: a set of Redis's words.</summary>
    public static RespValue AccessOf(KeySpec keys) => Words(keys.Access.Split(' ').Where(word => word != "variable_flags"));

    private static RespValue Words(IEnumerable<string> words) => RespValue.Set(words.Select(RespValue.Simple).ToArray());

    private static RespValue Docs(CommandSpec spec)
    {
        var fields = new List<RespValue>();
        Add(fields, "summary", spec.Summary);
        Add(fields, "since", spec.Since);
        Add(fields, "group", spec.Group);
        Add(fields, "complexity", spec.Complexity);
        if (spec.Deprecated is { } deprecated)
        {
            Add(fields, "doc_flags", RespValue.Set(RespValue.Simple("deprecated")));
            Add(fields, "deprecated_since", deprecated.Since);
            Add(fields, "replaced_by", deprecated.ReplacedBy);
        }

        if (spec.Arguments.Count > 0)
        {
            Add(fields, "arguments", RespValue.Array(spec.Arguments.Select(Argument).ToArray()));
        }

        if (spec.Subcommands.Count > 0)
        {
            Add(fields, "subcommands", Docs(spec.Subcommands));
        }

        return RespValue.Map(fields);
    }

    private static RespValue Argument(CommandArgument argument)
    {
        var fields = new List<RespValue>();
        Add(fields, "name", argument.Name);
        Add(fields, "type", argument.Type);
        if (argument.KeySpec >= 0)
        {
            Add(fields, "key_spec_index", RespValue.Integer(argument.KeySpec));
        }

        if (argument.Token is not null)
        {
            Add(fields, "token", argument.Token);
        }

        string[] flags = [.. Flag(argument.Optional, "optional"), .. Flag(argument.Multiple, "multiple"), .. Flag(argument.MultipleToken, "multiple_token")];
        if (flags.Length > 0)
        {
            Add(fields, "flags", RespValue.Set(flags.Select(RespValue.Simple).ToArray()));
        }

        if (argument.Arguments.Count > 0)
        {
            Add(fields, "arguments", RespValue.Array(argument.Arguments.Select(Argument).ToArray()));
        }

        return RespValue.Map(fields);
    }

    private static RespValue KeySpecification(KeySpec keys) => RespValue.Map(
        RespValue.Bulk("flags"), Words(keys.Access.Split(' ')),
        RespValue.Bulk("begin_search"), RespValue.Map(
            RespValue.Bulk("type"), RespValue.Bulk("index"),
            RespValue.Bulk("spec"), RespValue.Map(RespValue.Bulk("index"), RespValue.Integer(keys.Index))),
        RespValue.Bulk("find_keys"), RespValue.Map(
            RespValue.Bulk("type"), RespValue.Bulk("range"),
            RespValue.Bulk("spec"), RespValue.Map(
                RespValue.Bulk("lastkey"), RespValue.Integer(keys.Last),
                RespValue.Bulk("keystep"), RespValue.Integer(keys.Step),
                RespValue.Bulk("limit"), RespValue.Integer(0))));

    private static string[] Flag(bool isSet, string name) => isSet ? [name] : [];

    private static void Add(List<RespValue> fields, string name, string value) => Add(fields, name, RespValue.Bulk(value));

    private static void Add(List<RespValue> fields, string name, RespValue value)
    {
        fields.Add(RespValue.Bulk(name));
        fields.Add(value);
    }
}
