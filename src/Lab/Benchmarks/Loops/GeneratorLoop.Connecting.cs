using System.Net.Sockets;
using System.Text;

namespace Cluster.Lab.Benchmarks.Loops;

/// <summary>Connecting without holding up the loop: at the start all at once, later each by its own back-off.</summary>
internal sealed partial class GeneratorLoop
{
    private static readonly TimeSpan FirstBackOff = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LongestBackOff = TimeSpan.FromSeconds(1);

    private int down;
    private string? connectFailure;

    /// <summary>Connects all, and waits until each is up or has failed once, or the time is over. A cluster of which one node is dead is worth measuring.</summary>
    /// <exception cref="LabException">Not one came up; the message says why.</exception>
    public void Connect(TimeSpan atMost, CancellationToken cancellation)
    {
        down = connections.Length;
        var deadline = Now() + Nanoseconds(atMost);
        for (var now = Now(); now < deadline && connections.Any(connection => connection.State != ConnectionState.Up && !connection.HasFailed); now = Now())
        {
            cancellation.ThrowIfCancellationRequested();
            Serve(MaxWait, now);
        }

        if (connections.All(connection => connection.State != ConnectionState.Up))
        {
            throw new LabException($"no connection to {string.Join(", ", plan.Endpoints.Distinct())}: {connectFailure ?? "no answer"}");
        }
    }

    private void Reconnect(long now)
    {
        foreach (var connection in connections)
        {
            if (connection.State == ConnectionState.Down && now >= connection.RetryAt)
            {
                Dial(connection);
            }
        }
    }

    private void Dial(GeneratorConnection connection)
    {
        var socket = new Socket(connection.Endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, Blocking = false };
        try
        {
            socket.Connect(connection.Endpoint);
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.WouldBlock or SocketError.InProgress)
        {
            // The loop is told when it stands.
        }
        catch (SocketException e)
        {
            socket.Dispose();
            BackOff(connection, e.SocketErrorCode);
            return;
        }

        connection.Socket = socket;
        connection.State = ConnectionState.Connecting;
        connection.WatchesWriting = true;
        down--;
        epoll.Watch(socket, connection.Index, forWriting: true);
    }

    /// <summary>False: the attempt has failed. Else the greeting goes out.</summary>
    private bool HasConnected(GeneratorConnection connection)
    {
        var error = (SocketError)connection.Socket!.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Error)!;
        if (error != SocketError.Success)
        {
            Lose(connection, error);
            return false;
        }

        connection.GreetingReplies = plan.GreetingReplies;
        plan.Greeting.Span.CopyTo(connection.Free());
        connection.Wrote(plan.Greeting.Length);
        Flush(connection);
        return connection.Socket is not null;
    }

    /// <summary>False: the greeting was refused and the connection is over; a server that has just started may take it later.</summary>
    /// <exception cref="LabException">It was refused before the run began: nobody wants to wait for that.</exception>
    private bool TakeGreeting(GeneratorConnection connection, ReplyKind reply, ReadOnlySpan<byte> error)
    {
        if (reply == ReplyKind.Error && !running)
        {
            throw new LabException($"{connection.Endpoint} refuses the load generator: {Encoding.UTF8.GetString(error)}");
        }

        if (reply == ReplyKind.Error)
        {
            Tally.CountError(error);
            Lose(connection, null);
            return false;
        }

        if (--connection.GreetingReplies == 0)
        {
            connection.State = ConnectionState.Up;
            connection.BackOff = TimeSpan.Zero;
        }

        return true;
    }

    /// <summary>The connection is over, by this error or by what it said. Requests on it are errors; their outcome is unknown.</summary>
    private void Lose(GeneratorConnection connection, SocketError? error)
    {
        var wasUp = connection.State == ConnectionState.Up;
        while (connection.InFlight > 0)
        {
            if (IsMeasured(connection.Ended().Since))
            {
                Tally.CountError(Tally.ConnectionLost);
            }
        }

        connection.Drop();
        Tally.Reconnects += wasUp ? 1 : 0;
        down++;
        BackOff(connection, wasUp ? null : error);
    }

    private void BackOff(GeneratorConnection connection, SocketError? refused)
    {
        if (refused is { } error)
        {
            Tally.CountError(Tally.CannotConnect);
            connectFailure = new SocketException((int)error).Message;
        }

        connection.HasFailed = true;
        connection.BackOff = connection.BackOff == TimeSpan.Zero ? FirstBackOff : TimeSpan.FromTicks(Math.Min(connection.BackOff.Ticks * 2, LongestBackOff.Ticks));
        connection.RetryAt = Now() + Nanoseconds(connection.BackOff);
    }
}
