using Cluster.Node.Resp.Commands;
using Cluster.Node.Resp.Protocol;
using Cluster.Shared.Wire;
using static Cluster.Node.Resp.Table.CommandFlags;

namespace Cluster.Node.Resp.Table;

/// <summary>The table's commands on keys as such: their being there, their lives, and walks over all of them.</summary>
internal static class GenericRows
{
    private const string Condition = "[condition=<NX | XX | GT | LT>]";

    private static readonly string[] Summed = ["request_policy:multi_shard", "response_policy:agg_sum"];

    public static readonly IReadOnlyList<CommandSpec> All =
    [
        .. CommandRows.InGroup("generic", CommandCategories.Keyspace, OnKeys()),
        .. CommandRows.InGroup("generic", CommandCategories.Connection,
        [
            new("wait", 3, NoScript, "3.0.0", "O(1)", "Answers with how many further replicas have this connection's writes for certain; never waits.", DurabilityCommands.Wait)
            {
                Syntax = "numreplicas:integer timeout:integer", Tips = ["request_policy:all_shards", "response_policy:agg_min"],
            },
        ]),
    ];

    private static IReadOnlyList<CommandSpec> OnKeys() =>
    [
        new("del", -2, Write, "1.0.0", "O(N) where N is the number of keys.", "Deletes keys; answers with how many there were.",
            (RespSession s, in RespArguments a) => KeyCommands.Count(s, a, KvOp.Delete))
        {
            Syntax = "key:key...", Keys = [KeySpec.From(1, 1, "RM delete")], Tips = Summed,
        },
        new("unlink", -2, Write | Fast, "4.0.0", "O(N) where N is the number of keys.", "Deletes keys; the same as DEL here.",
            (RespSession s, in RespArguments a) => KeyCommands.Count(s, a, KvOp.Delete))
        {
            Syntax = "key:key...", Keys = [KeySpec.From(1, 1, "RM delete")], Tips = Summed,
        },
        new("exists", -2, ReadOnly | Fast, "1.0.0", "O(N) where N is the number of keys.", "Answers with how many of the given keys there are.",
            (RespSession s, in RespArguments a) => KeyCommands.Count(s, a, KvOp.Get))
        {
            Syntax = "key:key...", Keys = [KeySpec.From(1, 1, "RO")], Tips = Summed,
        },
        new("touch", -2, ReadOnly | Fast, "3.2.1", "O(N) where N is the number of keys.", "Answers with how many of the given keys there are; nothing here depends on when a key was last used.",
            (RespSession s, in RespArguments a) => KeyCommands.Count(s, a, KvOp.Get))
        {
            Syntax = "key:key...", Keys = [KeySpec.From(1, 1, "RO")], Tips = Summed,
        },
        new("type", 2, ReadOnly | Fast, "1.0.0", "O(1)", "Answers with the type of a key's value: string, or none.", KeyCommands.Type) { Syntax = "key:key", Keys = [KeySpec.At(1, "RO")] },
        new("rename", 3, Write, "1.0.0", "O(1)", "Gives a key another name, in the same hash slot.", KeyCommands.Rename)
        {
            Syntax = "key:key newkey:key1", Keys = [KeySpec.At(1, "RW access delete"), KeySpec.At(2, "OW update")],
        },
        new("renamenx", 3, Write | Fast, "1.0.0", "O(1)", "Gives a key another name, in the same hash slot, if there is no such key yet.", KeyCommands.RenameIfAbsent)
        {
            Syntax = "key:key newkey:key1", Keys = [KeySpec.At(1, "RW access delete"), KeySpec.At(2, "OW insert")],
        },
        new("copy", -3, Write | DenyOom, "6.2.0", "O(1)", "Gives another key, of the same hash slot, a key's value and life.", KeyCommands.Copy)
        {
            Syntax = "source:key destination:key1 [DB destination-db:integer] [REPLACE]", Keys = [KeySpec.At(1, "RO access"), KeySpec.At(2, "OW update")],
        },
        new("expire", -3, Write | Fast, "1.0.0", "O(1)", "Sets a key's life in seconds.", (RespSession s, in RespArguments a) => ExpiryCommands.Expire(s, a, "expire", 1000, false))
        {
            Syntax = "key:key seconds:integer " + Condition, Keys = [KeySpec.At(1, "RW update")],
        },
        new("pexpire", -3, Write | Fast, "2.6.0", "O(1)", "Sets a key's life in milliseconds.", (RespSession s, in RespArguments a) => ExpiryCommands.Expire(s, a, "pexpire", 1, false))
        {
            Syntax = "key:key milliseconds:integer " + Condition, Keys = [KeySpec.At(1, "RW update")],
        },
        new("expireat", -3, Write | Fast, "1.2.0", "O(1)", "Lets a key live until a Unix time in seconds.", (RespSession s, in RespArguments a) => ExpiryCommands.Expire(s, a, "expireat", 1000, true))
        {
            Syntax = "key:key unix-time-seconds:unix-time " + Condition, Keys = [KeySpec.At(1, "RW update")],
        },
        new("pexpireat", -3, Write | Fast, "2.6.0", "O(1)", "Lets a key live until a Unix time in milliseconds.", (RespSession s, in RespArguments a) => ExpiryCommands.Expire(s, a, "pexpireat", 1, true))
        {
            Syntax = "key:key unix-time-milliseconds:unix-time " + Condition, Keys = [KeySpec.At(1, "RW update")],
        },
        new("ttl", 2, ReadOnly | Fast, "1.0.0", "O(1)", "Answers with the seconds a key has to live; -1 for ever, -2 no such key.",
            (RespSession _, in RespArguments a) => ExpiryCommands.Read(a, ReplyFormats.SecondsToLive))
        {
            Syntax = "key:key", Keys = [KeySpec.At(1, "RO access")], Tips = ["nondeterministic_output"],
        },
        new("pttl", 2, ReadOnly | Fast, "2.6.0", "O(1)", "Answers with the milliseconds a key has to live; -1 for ever, -2 no such key.",
            (RespSession _, in RespArguments a) => ExpiryCommands.Read(a, ReplyFormats.MsToLive))
        {
            Syntax = "key:key", Keys = [KeySpec.At(1, "RO access")], Tips = ["nondeterministic_output"],
        },
        new("expiretime", 2, ReadOnly | Fast, "7.0.0", "O(1)", "Answers with the Unix time in seconds at which a key's life ends.",
            (RespSession _, in RespArguments a) => ExpiryCommands.Read(a, ReplyFormats.ExpirySeconds))
        {
            Syntax = "key:key", Keys = [KeySpec.At(1, "RO access")],
        },
        new("pexpiretime", 2, ReadOnly | Fast, "7.0.0", "O(1)", "Answers with the Unix time in milliseconds at which a key's life ends.",
            (RespSession _, in RespArguments a) => ExpiryCommands.Read(a, ReplyFormats.ExpiryMs))
        {
            Syntax = "key:key", Keys = [KeySpec.At(1, "RO access")],
        },
        new("persist", 2, Write | Fast, "2.2.0", "O(1)", "Lets a key live for ever.", ExpiryCommands.Persist) { Syntax = "key:key", Keys = [KeySpec.At(1, "RW update")] },
        new("randomkey", 1, ReadOnly, "1.0.0", "O(N) where N is the number of shards.", "Answers with some key.", FlushCommands.RandomKey)
        {
            Tips = ["request_policy:all_shards", "nondeterministic_output"],
        },
        new("keys", 2, ReadOnly, "1.0.0", "O(N) where N is the number of keys in the store.", "Answers with all keys that match a pattern, at most a million; SCAN is kinder.", ScanCommands.Keys)
        {
            Syntax = "pattern:pattern", Categories = CommandCategories.Dangerous, Tips = ["request_policy:all_shards", "nondeterministic_output_order"],
        },
        new("scan", -2, ReadOnly, "2.8.0", "O(N) where N is COUNT; all calls together visit every key.", "Answers with the next keys behind a cursor.", ScanCommands.Scan)
        {
            Syntax = "cursor:integer [MATCH pattern:pattern] [COUNT count:integer] [TYPE type]", Tips = ["nondeterministic_output", "request_policy:special"],
        },
        CommandRows.Container("object", "generic", CommandCategories.Keyspace, "2.2.3", "6.2.0", "Commands on how a value is held.",
            OfObject("encoding", "2.2.3", "Answers with Redis's word for how it would hold the value.", ObjectCommands.Encoding),
            OfObject("freq", "4.0.0", "Answers with an error: how often keys are used is not recorded.", ObjectCommands.Frequency),
            OfObject("idletime", "2.2.3", "Answers with an error: when keys were last used is not recorded.", ObjectCommands.IdleTime),
            OfObject("refcount", "2.2.3", "Answers with 1: values are not shared.", ObjectCommands.References)),
    ];

    private static CommandSpec OfObject(string name, string since, string summary, CommandHandler handler) => new("object|" + name, 3, ReadOnly, since, "O(1)", summary, handler)
    {
        Syntax = "key:key", Keys = [KeySpec.At(2, "RO")], Tips = ["nondeterministic_output"],
    };
}
