using Cluster.Node.Resp.Protocol;
using Cluster.Shared.Wire;

namespace Cluster.Node.Resp.Commands;

/// <summary>
/// What a checked command asks for, one of three: a reply that stands already; one store command on one key (the hot path: no task, no closure); or
/// something longer.
/// </summary>
internal readonly struct CommandCall
{
    private CommandCall(RespValue? ready, KvCommand? store, ReplyFormat? format, Func<CancellationToken, Task<RespValue>>? run, bool closes)
    {
        Ready = ready;
        Store = store;
        Format = format;
        Run = run;
        Closes = closes;
    }

    public RespValue? Ready { get; }

    public KvCommand? Store { get; }

    public ReplyFormat? Format { get; }

    /// <summary>Started when all earlier commands of the connection are done; later ones start when it is done.</summary>
    public Func<CancellationToken, Task<RespValue>>? Run { get; }

    /// <summary>The connection ends after this reply (QUIT).</summary>
    public bool Closes { get; }

    public static implicit operator CommandCall(RespValue reply) => new(reply, null, null, null, false);

    public static CommandCall Error(string text) => RespValue.Error(text);

    public static CommandCall ToStore(KvCommand command, ReplyFormat format) => new(null, command, format, null, false);

    public static CommandCall Later(Func<CancellationToken, Task<RespValue>> run) => new(null, null, null, run, false);

    public static CommandCall Last(RespValue reply) => new(reply, null, null, null, true);
}

/// <summary>Writes a store reply that is no error. <see cref="KvReply.Status"/> is OK, NOT_FOUND or CONDITION_FAILED.</summary>
internal delegate void ReplyFormat(RespWriter writer, KvReply reply, RespSession session);
