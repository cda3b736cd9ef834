using Cluster.Node.Resp.Protocol;
using Cluster.Shared.Wire;

namespace Cluster.Node.Resp.Commands;

/// <summary>
/// What a checked command asks for, one of four: a reply that stands already; one store command on one key (the hot path: no task, no closure); something short
/// that must wait for what came before; or something longer.
/// </summary>
internal readonly struct CommandCall
{
    public RespValue? Ready { get; private init; }

    public KvCommand? Store { get; private init; }

    public ReplyFormat? Format { get; private init; }

    /// <summary>Done at once when all earlier commands of the connection are done; later ones need not wait. In a transaction it is done once that is committed.</summary>
    public Func<RespValue>? Act { get; private init; }

    /// <summary>Started when all earlier commands of the connection that touch the same are done; later ones that do start when it is done.</summary>
    public Func<CancellationToken, Task<RespValue>>? Run { get; private init; }

    /// <summary>Of <see cref="Run"/>: what it touches, where that is not every key.</summary>
    public uint? Access { get; private init; }

    /// <summary>The connection ends after this reply (QUIT).</summary>
    public bool Closes { get; private init; }

    /// <summary>Its number among the confirmations of subscriptions, see <see cref="PushQueue"/>; 0 for none.</summary>
    public int Confirmation { get; private init; }

    /// <summary>Whether it confirms what it was asked for: then it is told to a client, too, that wants no replies, as messages are.</summary>
    public bool Confirms { get; private init; }

    public static implicit operator CommandCall(RespValue reply) => new() { Ready = reply };

    public static CommandCall Error(string text) => RespValue.Error(text);

    public static CommandCall ToStore(KvCommand command, ReplyFormat format) => new() { Store = command, Format = format };

    public static CommandCall Effect(Func<RespValue> act) => new() { Act = act };

    public static CommandCall Later(Func<CancellationToken, Task<RespValue>> run) => new() { Run = run };

    /// <param name="access">See <see cref="KeyAccess"/>.</param>
    public static CommandCall LaterOn(uint access, Func<CancellationToken, Task<RespValue>> run) => new() { Run = run, Access = access };

    public static CommandCall Last(RespValue reply) => new() { Ready = reply, Closes = true };

    /// <summary>The connection ends, without an answer.</summary>
    public static CommandCall HangUp => Last(RespValue.Sequence());

    public static CommandCall Confirmed(RespValue reply, int confirmation) => new() { Ready = reply, Confirmation = confirmation, Confirms = true };

    /// <summary>An error in the place of a confirmation whose number is given: messages that wait behind it go on.</summary>
    public static CommandCall NotConfirmed(string error, int confirmation) => new() { Ready = RespValue.Error(error), Confirmation = confirmation };
}

/// <summary>Writes a store reply that is no error. <see cref="KvReply.Status"/> is OK, NOT_FOUND or CONDITION_FAILED.</summary>
internal delegate void ReplyFormat(RespWriter writer, KvReply reply, RespSession session);
