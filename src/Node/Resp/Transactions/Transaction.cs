using Cluster.Node.Resp.Commands;
using Cluster.Node.Resp.Protocol;
using Cluster.Node.Resp.Table;
using Cluster.Shared.KeyValue;

namespace Cluster.Node.Resp.Transactions;

/// <summary>
/// What a connection has queued since MULTI. All keys are of one hash slot, which one shard owns: so the whole can be carried out as one batch, at one instant.
/// Bounded as a batch is. What cannot be queued spoils it, and EXEC then carries out nothing.
/// </summary>
/// <param name="slot">The slot of the keys watched before; negative when there are none.</param>
internal sealed class Transaction(int slot)
{
    private readonly List<QueuedCommand> queued = [];
    private int operations;
    private long bytes;

    /// <summary>The slot of its keys; negative while there are none.</summary>
    public int Slot { get; private set; } = slot;

    public int Count => queued.Count;

    /// <summary>A command was refused: EXEC discards the rest.</summary>
    public bool IsSpoiled { get; private set; }

    public IReadOnlyList<QueuedCommand> Queued => queued;

    public void Spoil()
    {
        IsSpoiled = true;
        queued.Clear();
        queued.TrimExcess();
    }

    /// <summary>Queues a command, or says why not and spoils the transaction.</summary>
    public CommandCall Queue(RespSession session, CommandSpec spec, in RespArguments arguments)
    {
        if (TryQueue(session, spec, arguments) is { } error)
        {
            Spoil();
            return CommandCall.Error(error);
        }

        return RespValue.Queued;
    }

    /// <summary>
    /// What the connection is after these, and in which protocol it hears of it, must stand before what follows is read; what becomes of a transaction is known only later. Redis, which knows it at once,
    /// takes them.
    /// </summary>
    private static bool ChangesConnection(CommandSpec spec) => spec.Name is "hello" or "auth" or "readonly" or "readwrite"
        or "client|setname" or "client|setinfo" or "client|reply" or "client|kill" or "client|consistency" or "client|dial" or "client|events";

    private string? TryQueue(RespSession session, CommandSpec spec, in RespArguments arguments)
    {
        if ((spec.Flags & CommandFlags.NoMulti) != 0)
        {
            return "ERR Command not allowed inside a transaction";
        }

        if (spec.Flags.HasFlag(CommandFlags.PubSub | CommandFlags.NoScript))
        {
            return $"ERR '{spec.Name}' cannot be part of a transaction: a subscription is this connection's own and begins at once";
        }

        if (spec.Name == "select" && arguments.TryInteger(1, out var database) && database != 0)
        {
            return "ERR SELECT of another database cannot be part of a transaction, which is of database 0";
        }

        if (ChangesConnection(spec))
        {
            return $"ERR '{spec.Name}' cannot be part of a transaction: it changes this connection, also where EXEC carries out nothing; send it before MULTI";
        }

        var keys = CommandKeys.SlotOf(spec, arguments);
        if (keys == CommandKeys.None && (spec.Flags & (CommandFlags.ReadOnly | CommandFlags.Write)) != 0)
        {
            return $"ERR '{spec.Name}' goes over all shards: it cannot be part of a transaction, which is of one hash slot";
        }

        if (keys == CommandKeys.Several || (keys >= 0 && Slot >= 0 && keys != Slot))
        {
            return keys == CommandKeys.Several ? ErrorReplies.CrossSlot : $"{ErrorReplies.CrossSlot} (this key is in slot {keys}, the transaction in {Slot}: give their keys one hash tag, as in {{tag}}key)";
        }

        if (IsSpoiled)
        {
            return null; // Nothing will be carried out: the words that tell what is wrong are all that is owed.
        }

        var call = keys == CommandKeys.None ? default : spec.Handler!(session, arguments);
        if (call.Run is not null)
        {
            return $"ERR this form of '{spec.Name}' takes several steps and cannot be part of a transaction";
        }

        operations += 1 + (call.Store is { } store ? store.Operations.Count + store.Guards.Count : 0);
        bytes += arguments.TotalBytes;
        if (operations > session.Server.Options.MaxTransactionOperations || bytes > KvLimits.MaxBatchBytes)
        {
            return $"ERR the transaction is too large: at most {session.Server.Options.MaxTransactionOperations} operations and {KvLimits.MaxBatchBytes} bytes are taken at once";
        }

        Slot = Math.Max(Slot, keys);
        queued.Add(keys == CommandKeys.None ? new QueuedCommand(default, spec, arguments.Keep()) : new QueuedCommand(call, null, null));
        return null;
    }
}

/// <summary>One queued command: on keys, as what it asks of the store; else as it was sent, since what it does to the connection happens at EXEC.</summary>
internal readonly record struct QueuedCommand(CommandCall Call, CommandSpec? Spec, KeptArguments? Arguments);
