using System.Text.Json;
using Cluster.Modes.Hosting;
using Cluster.Modes.Storage;
using Cluster.Node.Resp.Commands;
using Cluster.Node.Resp.Protocol;

namespace Cluster.Node.Resp.Databases;

/// <summary>MGET, MSET, DEL, EXISTS on the database of a storage mode: an operation for each key, one after the other, each for itself; the first that fails ends it, and what was done till then is said.</summary>
internal static class ModeManyKeys
{
    public static CommandCall Get(ModeConnection on, in RespArguments arguments) => TryKeys(on, arguments, 1, out var keys, out var error)
        ? Run(on, [.. keys.Select(key => new Operation(StorageOperations.Get, key))], null, static answers => RespValue.Array([.. answers.Select(answer => ModeCommands.Value(answer) is { } value ? RespValue.Bulk(value) : RespValue.Null)]))
        : error;

    public static CommandCall Exists(ModeConnection on, in RespArguments arguments) => TryKeys(on, arguments, 1, out var keys, out var error)
        ? Run(on, [.. keys.Select(key => new Operation(StorageOperations.Get, key))], null, static answers => RespValue.Integer(answers.Count(answer => ModeCommands.Value(answer) is not null)))
        : error;

    /// <summary>Counts the keys that were there. Where the mode does not know whether one was, it counts.</summary>
    public static CommandCall Delete(ModeConnection on, in RespArguments arguments) => TryKeys(on, arguments, 1, out var keys, out var error)
        ? Run(on, [.. keys.Select(key => new Operation(StorageOperations.Delete, key))], "deleted", static answers => RespValue.Integer(answers.Count(answer => !WasAbsent(answer))))
        : error;

    public static CommandCall Set(ModeConnection on, in RespArguments arguments)
    {
        if (arguments.Count % 2 == 0)
        {
            return CommandCall.Error(ErrorReplies.WrongArity("mset"));
        }

        var operations = new List<Operation>();
        for (var i = 1; i < arguments.Count; i += 2)
        {
            if (!ModeCommands.TryText(on, arguments, i, out var key, out var error) || !ModeCommands.TryText(on, arguments, i + 1, out var value, out error))
            {
                return error;
            }

            operations.Add(new Operation(StorageOperations.Put, key, value));
        }

        return Run(on, operations, "set", static _ => RespValue.Ok);
    }

    private static bool TryKeys(ModeConnection on, in RespArguments arguments, int from, out List<string> keys, out CommandCall error)
    {
        keys = [];
        error = default;
        for (var i = from; i < arguments.Count; i++)
        {
            if (!ModeCommands.TryText(on, arguments, i, out var key, out error))
            {
                return false;
            }

            keys.Add(key);
        }

        return true;
    }

    private static CommandCall Run(ModeConnection on, IReadOnlyList<Operation> operations, string? done, Func<IReadOnlyList<ModeAnswer>, RespValue> answer)
    {
        var dial = on.Dial;
        return CommandCall.Later(async cancellation =>
        {
            var answers = new List<ModeAnswer>(operations.Count);
            var room = on.Server.Options.MaxReplyBytes;
            foreach (var operation in operations)
            {
                var one = await on.AskAsync(operation.Name, dial, cancellation, operation.Arguments).ConfigureAwait(false);
                if (one.Error is { } refused)
                {
                    var words = ErrorReplies.For(refused);
                    return RespValue.Error(done is null || operations.Count == 1 ? words : $"{words} ({answers.Count} of {operations.Count} keys were {done})");
                }

                room -= one.Json?.Length ?? 0;
                if (done is null && room < 0)
                {
                    return RespValue.Error($"ERR the values have more than {on.Server.Options.MaxReplyBytes} bytes together, the most that one reply has: ask for fewer keys at a time");
                }

                answers.Add(one);
            }

            return answer(answers);
        });
    }

    private static bool WasAbsent(ModeAnswer answer)
    {
        using var json = JsonDocument.Parse(answer.Json!);
        return json.RootElement.TryGetProperty("replaced", out var replaced) && replaced.ValueKind == JsonValueKind.False;
    }

    private readonly record struct Operation(string Name, string Key, string? Value = null)
    {
        public (string, string)[] Arguments => Value is null ? [(StorageOperations.Key, Key)] : [(StorageOperations.Key, Key), (StorageOperations.Value, Value)];
    }
}
