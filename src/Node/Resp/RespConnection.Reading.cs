using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using Cluster.Node.Resp.Commands;
using Cluster.Node.Resp.Databases;
using Cluster.Node.Resp.Protocol;
using Cluster.Node.Resp.Table;
using Cluster.Shared.KeyValue;
using Cluster.Shared.Wire;

namespace Cluster.Node.Resp;

/// <summary>The reading side: finds commands, checks them, and starts each when order and room allow.</summary>
internal sealed partial class RespConnection
{
    /// <summary>What a read is expected to answer with until one was seen to answer with more.</summary>
    private const int FirstReplyEstimate = 1024;

    /// <summary>What is read of a refused client: several times the largest value, so that one too large by little is read whole.</summary>
    private const long LingerBytes = 4L * KvLimits.MaxValueBytes;

    /// <summary>A refused client that sends nothing for so long has sent what it had.</summary>
    private static readonly TimeSpan LingerTime = TimeSpan.FromMilliseconds(250);

    /// <summary>Recent largest reply to a read, in bytes, kept by the writing side: pipelined reads of large values must not pile up.</summary>
    private int replyEstimate = FirstReplyEstimate;

    private async Task ReadCommandsAsync()
    {
        var input = connection.Transport.Input;
        while (true)
        {
            var read = await input.ReadAsync().ConfigureAwait(false);
            var buffer = read.Buffer;
            var status = ParseStatus.NeedMore;
            var closes = false;
            while (!closes && (status = Take(ref buffer, out var call, out var pending)) == ParseStatus.Command)
            {
                while (queue.MustWait(pending.Access, pending.Bytes))
                {
                    queue.Publish();
                    await queue.WaitForLeavingAsync().ConfigureAwait(false);
                }

                Start(call, ref pending);
                closes = pending.Closes;
            }

            if (status == ParseStatus.Error)
            {
                metrics.ProtocolError();
                queue.Add(new PendingReply { Ready = RespValue.Error(parser.Error), Protocol = (byte)session.Protocol, Closes = true });
                closes = true;
            }

            queue.Publish();
            input.AdvanceTo(buffer.Start, buffer.End);
            if (closes || read.IsCompleted || read.IsCanceled)
            {
                return;
            }
        }
    }

    /// <summary>
    /// Reads on, for a moment, what a refused client is still sending: to close with bytes unread would reset the connection, and with it the error that
    /// tells the client why.
    /// </summary>
    private async Task LingerAsync()
    {
        var input = connection.Transport.Input;
        try
        {
            for (var left = LingerBytes; left > 0;)
            {
                using var patience = new CancellationTokenSource(LingerTime, server.Time);
                var read = await input.ReadAsync(patience.Token).ConfigureAwait(false);
                left -= read.Buffer.Length;
                input.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted || read.IsCanceled)
                {
                    return;
                }
            }
        }
        catch (OperationCanceledException)
        {
            // It had its moment.
        }
    }

    /// <summary>Takes one command off the buffer and checks it. Commands on the connection itself (HELLO, CLIENT ...) take effect here.</summary>
    private ParseStatus Take(ref ReadOnlySequence<byte> buffer, out CommandCall call, out PendingReply pending)
    {
        while (true)
        {
            var status = parser.Parse(buffer, session.Authenticated);
            if (status != ParseStatus.Command)
            {
                call = default;
                pending = default;
                return status;
            }

            var arguments = parser.Arguments(buffer);
            var empty = arguments.Count == 0;
            call = default;
            pending = default;
            if (!empty)
            {
                session.SkipsReply = session.Replies == ReplyMode.SkipNext;
                if (session.SkipsReply)
                {
                    session.Replies = ReplyMode.On; // This is the next one; it may be another SKIP.
                }

                call = Interpret(arguments);
                pending = Prepare(call, arguments.TotalBytes);
            }

            buffer = buffer.Slice(parser.Length);
            parser.Next();
            if (!empty)
            {
                return ParseStatus.Command;
            }
        }
    }

    private CommandCall Interpret(in RespArguments arguments)
    {
        session.LastCommandAt = server.Time.GetTimestamp();
        session.CallConsistency = session.Consistency;
        var asking = session.IsAsking;
        session.IsAsking = false;
        if (CommandTable.Resolve(arguments, out var error) is not { } spec)
        {
            return IsOfHttp(arguments) ? HangUpOnHttp() : Refused(CommandTable.Locate(arguments), error);
        }

        if (!session.Authenticated && (spec.Flags & CommandFlags.NoAuth) == 0)
        {
            return Refused(spec, ErrorReplies.AuthRequired);
        }

        // What a storage mode keeps has other owners than hash slots.
        if (session.OnMode is null && server.Redirects?.Judge(session, spec, arguments, asking) is { } elsewhere)
        {
            return Refused(spec, elsewhere);
        }

        if (session.Protocol == 2 && session.IsSubscribed && !PubSubCommands.IsTakenWhileSubscribed(spec))
        {
            return Refused(spec, PubSubCommands.NotTakenWhileSubscribed(spec));
        }

        server.CountCall(spec);
        session.LastCommand = spec.Name;
        if (session.OnMode is { } mode && ModeCommands.Interpret(mode, spec, arguments) is { } call)
        {
            return call;
        }

        return session.Transaction is { } transaction && !TransactionCommands.RunsAtOnce(spec)
            ? transaction.Queue(session, spec, arguments)
            : spec.Handler!(session, arguments);
    }

    /// <summary>An EXEC that is refused ends its transaction, as in Redis: who sent it takes it for over.</summary>
    private CommandCall Refused(CommandSpec? spec, string error)
    {
        if (spec?.Name == "exec")
        {
            return TransactionCommands.Abort(session, error);
        }

        session.Transaction?.Spoil();
        return CommandCall.Error(error);
    }

    /// <summary>
    /// Whether this is a line of an HTTP request, as Redis judges it. A web page may have a browser POST text of its choice to any port, without asking first, and a server can be
    /// talked into the same; the lines would be refused one by one, and the text behind them run.
    /// </summary>
    private static bool IsOfHttp(in RespArguments arguments) => arguments.Is(0, "post"u8) || arguments.Is(0, "host:"u8);

    private CommandCall HangUpOnHttp()
    {
        if (server.MayNoteHttp())
        {
            log.LogWarning("RESP connection {Id} from {Remote} sent a request of HTTP and was closed: a web page or a forged request may be after this port. Give it a password, or keep browsers from it", session.Id, session.Remote);
        }

        return CommandCall.HangUp;
    }

    private PendingReply Prepare(in CommandCall call, int size)
    {
        var pending = new PendingReply
        {
            Protocol = (byte)session.Protocol,
            Silent = (session.SkipsReply || session.Replies != ReplyMode.On) && !call.Confirms,
            Closes = call.Closes,
            Confirmation = call.Confirmation,
            Bytes = size,
            StartedAt = session.LastCommandAt,
        };
        if (call.Store is { } command)
        {
            // A command on two keys and more, or on a slot, is ordered as one on any key.
            pending.Access = command.Op is KvOp.Batch or KvOp.Copy or KvOp.Rename or KvOp.Count ? KeyAccess.All : KeyAccess.Of(command.Key.Span, writes: !KvCommands.IsRead(command));
            if (command.ReturnValue)
            {
                pending.Bytes = Math.Max(size, Volatile.Read(ref replyEstimate));
            }
        }
        else if (call.Run is not null || call.Act is not null)
        {
            pending.Access = call.Access ?? KeyAccess.All;
        }

        return pending;
    }

    [SuppressMessage("Reliability", "CA2012:Use ValueTasks correctly", Justification = "Kept in the queue and awaited once, by the writing side.")]
    private void Start(in CommandCall call, ref PendingReply pending)
    {
        try
        {
            if (call.Store is { } command)
            {
                pending.Format = call.Format;
                pending.Store = server.Store.ExecuteAsync(command, session.CallConsistency, RequestIdentity.None, CancellationToken.None);
            }
            else if (call.Act is { } act)
            {
                pending.Ready = act();
                pending.Access = KeyAccess.None; // It is done: nothing need wait for it.
            }
            else if (call.Run is { } run)
            {
                pending.Running = run(gone.Token);
            }
            else
            {
                pending.Ready = call.Ready;
            }
        }
        catch (Exception error)
        {
            pending.Ready = Failed(error);
        }

        queue.Add(pending);
    }
}
