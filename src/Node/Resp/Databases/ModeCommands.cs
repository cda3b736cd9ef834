using System.Collections.Frozen;
using System.Text;
using System.Text.Json;
using Cluster.Modes.Hosting;
using Cluster.Modes.Storage;
using Cluster.Node.Resp.Commands;
using Cluster.Node.Resp.Protocol;
using Cluster.Node.Resp.Table;
using Cluster.Shared.Results;

namespace Cluster.Node.Resp.Databases;

/// <summary>
/// Redis commands on the database of a storage mode: those that the contract's operations can answer exactly. Any other is refused by name, with what is served. Commands on the connection and the node are as ever.
/// </summary>
internal static class ModeCommands
{
    private delegate CommandCall Handler(ModeConnection on, in RespArguments arguments);

    /// <summary>In the order in which errors name them, each with the operation that it needs.</summary>
    private static readonly IReadOnlyList<(string Command, string Operation, Handler Handle)> Rows =
    [
        ("get", StorageOperations.Get, (ModeConnection on, in RespArguments a) => Read(on, a, static answer => Value(answer) is { } value ? RespValue.Bulk(value) : RespValue.Null)),
        ("set", StorageOperations.Put, Set),
        ("setnx", StorageOperations.CompareAndSet, (ModeConnection on, in RespArguments a) => SetIfAbsent(on, a, RespValue.Integer(1), RespValue.Integer(0))),
        ("mget", StorageOperations.Get, ModeManyKeys.Get),
        ("mset", StorageOperations.Put, ModeManyKeys.Set),
        ("del", StorageOperations.Delete, ModeManyKeys.Delete),
        ("unlink", StorageOperations.Delete, ModeManyKeys.Delete),
        ("exists", StorageOperations.Get, ModeManyKeys.Exists),
        ("type", StorageOperations.Get, (ModeConnection on, in RespArguments a) => Read(on, a, static answer => RespValue.Simple(Value(answer) is null ? "none" : "string"))),
        ("strlen", StorageOperations.Get, (ModeConnection on, in RespArguments a) => Read(on, a, static answer => RespValue.Integer(Encoding.UTF8.GetByteCount(Value(answer) ?? "")))),
        ("scan", StorageOperations.Scan, ModeScan.Scan),
        ("keys", StorageOperations.Scan, ModeScan.Keys),
    ];

    private static readonly FrozenDictionary<string, (string Operation, Handler Handle)> ByName = Rows.ToFrozenDictionary(row => row.Command, row => (row.Operation, row.Handle));

    /// <summary>Keyless commands that say of a write what only database 0 keeps.</summary>
    private static readonly FrozenSet<string> OfDatabase0 = FrozenSet.ToFrozenSet(["multi", "watch", "wait", "save", "bgsave", "lastsave"]);

    /// <summary>What the command does on this database; null where it does what it does everywhere.</summary>
    public static CommandCall? Interpret(ModeConnection on, CommandSpec spec, in RespArguments arguments)
    {
        if (ByName.TryGetValue(spec.Name, out var row) && on.Database.Has(row.Operation))
        {
            return row.Handle(on, arguments);
        }

        var onKeys = spec.Group is not "pubsub" && (spec.FirstKey > 0 || (spec.Flags & (CommandFlags.ReadOnly | CommandFlags.Write)) != 0);
        if (onKeys || OfDatabase0.Contains(spec.Name))
        {
            return Unsupported(on, spec.Name.Replace('|', ' ').ToUpperInvariant());
        }

        return null;
    }

    /// <param name="what">The command, or the form of it, that is not served.</param>
    public static CommandCall Unsupported(ModeConnection on, string what)
    {
        var served = string.Join(", ", Rows.Where(row => on.Database.Has(row.Operation)).Select(row => row.Command.ToUpperInvariant()));
        return CommandCall.Error($"UNSUPPORTED {what} is not served on {on.Database.Words} which serves {served}; SELECT 0 is the engine's own store, which has every command");
    }

    /// <summary>An argument as text; false with the error where it is none.</summary>
    public static bool TryText(ModeConnection on, in RespArguments arguments, int index, out string text, out CommandCall error)
    {
        error = default;
        if (StorageText.TryRead(arguments[index], out var read))
        {
            text = read;
            return true;
        }

        text = "";
        error = CommandCall.Error($"UNSUPPORTED argument {index} is no UTF-8: {on.Database.Words} keeps text; binary keys and values are for database 0");
        return false;
    }

    /// <summary>What a command touches: one key, or with sessions all of them, since what it sees of one key binds what it may see of the next.</summary>
    public static uint Access(ModeConnection on, ReadOnlySpan<byte> key, bool writes) => on.Database.HasSessions ? KeyAccess.All : KeyAccess.Of(key, writes);

    /// <summary>The value that a read found; null for none.</summary>
    public static string? Value(ModeAnswer answer)
    {
        using var json = JsonDocument.Parse(answer.Json!);
        return json.RootElement.TryGetProperty(StorageOperations.Value, out var value) ? value.GetString() : null;
    }

    private static CommandCall Read(ModeConnection on, in RespArguments arguments, Func<ModeAnswer, RespValue> found)
    {
        if (!TryText(on, arguments, 1, out var key, out var error))
        {
            return error;
        }

        var dial = on.Dial;
        return CommandCall.LaterOn(Access(on, arguments[1], writes: false), async cancellation =>
        {
            var answer = await on.AskAsync(StorageOperations.Get, dial, cancellation, (StorageOperations.Key, key)).ConfigureAwait(false);
            return answer.Error is { } refused ? RespValue.Error(ErrorReplies.For(refused)) : found(answer);
        });
    }

    private static CommandCall Set(ModeConnection on, in RespArguments arguments)
    {
        if (arguments.Count == 4 && arguments.Is(3, "NX"u8))
        {
            return on.Database.Has(StorageOperations.CompareAndSet) ? SetIfAbsent(on, arguments, RespValue.Ok, RespValue.Null) : Unsupported(on, "SET with NX");
        }

        if (arguments.Count > 3)
        {
            return Unsupported(on, $"SET with {arguments.Text(3).ToUpperInvariant()}");
        }

        return Write(on, arguments, StorageOperations.Put, RespValue.Ok, conflict: null);
    }

    /// <summary>A compare-and-set that expects nothing.</summary>
    private static CommandCall SetIfAbsent(ModeConnection on, in RespArguments arguments, RespValue done, RespValue notDone) => Write(on, arguments, StorageOperations.CompareAndSet, done, notDone);

    private static CommandCall Write(ModeConnection on, in RespArguments arguments, string operation, RespValue done, RespValue? conflict)
    {
        if (!TryText(on, arguments, 1, out var key, out var error) || !TryText(on, arguments, 2, out var value, out error))
        {
            return error;
        }

        var dial = on.Dial;
        return CommandCall.LaterOn(Access(on, arguments[1], writes: true), async cancellation =>
        {
            var answer = await on.AskAsync(operation, dial, cancellation, (StorageOperations.Key, key), (StorageOperations.Value, value)).ConfigureAwait(false);
            return answer.Error is not { } refused ? done
                : conflict is not null && refused.Code == ErrorCode.Conflict ? conflict
                : RespValue.Error(ErrorReplies.For(refused));
        });
    }
}
