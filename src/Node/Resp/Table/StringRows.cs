using Cluster.Node.Resp.Commands;
using Cluster.Node.Resp.Protocol;
using static Cluster.Node.Resp.Table.CommandFlags;

namespace Cluster.Node.Resp.Table;

/// <summary>The table's string commands: values and counters.</summary>
internal static class StringRows
{
    private const string SetExpiry = "expiration=<EX seconds:integer | PX milliseconds:integer | EXAT unix-time-seconds:unix-time | PXAT unix-time-milliseconds:unix-time";

    public static readonly IReadOnlyList<CommandSpec> All = CommandRows.InGroup("string", CommandCategories.String,
    [
        new("get", 2, ReadOnly | Fast, "1.0.0", "O(1)", "Answers with a key's value.", StringCommands.Get) { Syntax = "key:key", Keys = [KeySpec.At(1, "RO access")] },
        new("set", -3, Write | DenyOom, "1.0.0", "O(1)", "Sets a key's value, if asked only where there is one or none, with a life, or answering with the old value.", SetCommand.Handle)
        {
            Syntax = $"key:key value [condition=<NX | XX>] [GET] [{SetExpiry} | KEEPTTL>]",
            Keys = [KeySpec.At(1, "RW access update variable_flags")],
        },
        new("setnx", 3, Write | DenyOom | Fast, "1.0.0", "O(1)", "Sets a key's value if there is no such key.", StringCommands.SetIfAbsent)
        {
            Syntax = "key:key value", Keys = [KeySpec.At(1, "OW insert")],
        },
        new("setex", 4, Write | DenyOom, "2.0.0", "O(1)", "Sets a key's value and its life in seconds.", (RespSession _, in RespArguments a) => StringCommands.SetWithLife(a, "setex", 1000))
        {
            Syntax = "key:key seconds:integer value", Keys = [KeySpec.At(1, "OW update")],
        },
        new("psetex", 4, Write | DenyOom, "2.6.0", "O(1)", "Sets a key's value and its life in milliseconds.", (RespSession _, in RespArguments a) => StringCommands.SetWithLife(a, "psetex", 1))
        {
            Syntax = "key:key milliseconds:integer value", Keys = [KeySpec.At(1, "OW update")],
        },
        new("getset", 3, Write | DenyOom | Fast, "1.0.0", "O(1)", "Sets a key's value and answers with the old one.", StringCommands.GetSet)
        {
            Syntax = "key:key value", Keys = [KeySpec.At(1, "RW access update")], Deprecated = ("6.2.0", "`SET` with the `!GET` argument"),
        },
        new("getex", -2, Write | Fast, "6.2.0", "O(1)", "Answers with a key's value, and gives the key another life or lets it live for ever.", RangeCommands.GetExpiring)
        {
            Syntax = $"key:key [{SetExpiry} | PERSIST>]", Keys = [KeySpec.At(1, "RW access update")],
        },
        new("getrange", 4, ReadOnly, "2.4.0", "O(1)", "Answers with the bytes of a value from one place to another.", RangeCommands.GetRange)
        {
            Syntax = "key:key start:integer end:integer", Keys = [KeySpec.At(1, "RO access")],
        },
        new("substr", 4, ReadOnly, "1.0.0", "O(1)", "The old name of GETRANGE.", RangeCommands.GetRange)
        {
            Syntax = "key:key start:integer end:integer", Keys = [KeySpec.At(1, "RO access")], Deprecated = ("2.0.0", "`GETRANGE`"),
        },
        new("setrange", 4, Write | DenyOom, "2.2.0", "O(N) where N is the length of the new value.", "Writes over a part of a value, which grows as it must; answers with its length.", RangeCommands.SetRange)
        {
            Syntax = "key:key offset:integer value", Keys = [KeySpec.At(1, "RW update")],
        },
        new("getdel", 2, Write | Fast, "6.2.0", "O(1)", "Deletes a key and answers with the value it had.", StringCommands.GetDelete)
        {
            Syntax = "key:key", Keys = [KeySpec.At(1, "RW access delete")],
        },
        new("append", 3, Write | DenyOom | Fast, "2.0.0", "O(N) where N is the length of the new value.", "Adds bytes at the end of a key's value; answers with the new length.", StringCommands.Append)
        {
            Syntax = "key:key value", Keys = [KeySpec.At(1, "RW insert")],
        },
        new("strlen", 2, ReadOnly | Fast, "2.2.0", "O(1)", "Answers with the length of a key's value.", StringCommands.Length) { Syntax = "key:key", Keys = [KeySpec.At(1, "RO")] },
        new("mget", -2, ReadOnly | Fast, "1.0.0", "O(N) where N is the number of keys.", "Answers with the values of keys, each as consistent as a GET.", KeyCommands.GetMany)
        {
            Syntax = "key:key...", Keys = [KeySpec.From(1, 1, "RO access")], Tips = ["request_policy:multi_shard"],
        },
        new("mset", -3, Write | DenyOom, "1.0.1", "O(N) where N is the number of keys.", "Sets keys' values: at one instant when the keys are of one hash slot, else each for itself.", KeyCommands.SetMany)
        {
            Syntax = "key_value=(key:key value)...",
            Keys = [KeySpec.From(1, 2, "OW update")],
            Tips = ["request_policy:multi_shard", "response_policy:all_succeeded"],
        },
        new("msetnx", -3, Write | DenyOom, "1.0.1", "O(N) where N is the number of keys.", "Sets keys' values if none of the keys is there; all of one hash slot.", KeyCommands.SetManyIfAbsent)
        {
            Syntax = "key_value=(key:key value)...", Keys = [KeySpec.From(1, 2, "OW insert")],
        },
        new("incr", 2, Write | DenyOom | Fast, "1.0.0", "O(1)", "Adds one to a whole number; no key counts as 0.", (RespSession _, in RespArguments a) => CounterCommands.Add(a, 1))
        {
            Syntax = "key:key", Keys = [KeySpec.At(1, "RW access update")],
        },
        new("decr", 2, Write | DenyOom | Fast, "1.0.0", "O(1)", "Takes one from a whole number; no key counts as 0.", (RespSession _, in RespArguments a) => CounterCommands.Add(a, -1))
        {
            Syntax = "key:key", Keys = [KeySpec.At(1, "RW access update")],
        },
        new("incrby", 3, Write | DenyOom | Fast, "1.0.0", "O(1)", "Adds to a whole number; no key counts as 0.", CounterCommands.AddGiven)
        {
            Syntax = "key:key increment:integer", Keys = [KeySpec.At(1, "RW access update")],
        },
        new("incrbyfloat", 3, Write | DenyOom | Fast, "2.6.0", "O(1)", "Adds to a decimal number; no key counts as 0.", RangeCommands.AddFloat)
        {
            Syntax = "key:key increment:double", Keys = [KeySpec.At(1, "RW access update")],
        },
        new("decrby", 3, Write | DenyOom | Fast, "1.0.0", "O(1)", "Takes from a whole number; no key counts as 0.", CounterCommands.TakeGiven)
        {
            Syntax = "key:key decrement:integer", Keys = [KeySpec.At(1, "RW access update")],
        },
    ]);
}
