using System.Net.Sockets;

namespace Cluster.Node.Options;

/// <summary>Turns "could not listen" into one line that names the port, what it was for, and the option that changes it.</summary>
public static class BindFailure
{
    /// <summary>Explains why the host could not start listening; null when the exception is about something else.</summary>
    public static string? Explain(Exception exception, NodeOptions options)
    {
        var socket = Find<SocketException>(exception);
        if (socket is null)
        {
            return null;
        }

        if (socket.SocketErrorCode is SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData)
        {
            return $"--ip {options.Ip}: no address is known for this host; give an IP address, or a name that resolves";
        }

        var (port, purpose, option) = Culprit(exception, options);
        var where = $"{options.Ip}:{port}";
        return socket.SocketErrorCode switch
        {
            SocketError.AddressAlreadyInUse => $"port {port} ({purpose}) is in use on {options.Ip}: stop what listens there, or choose another one with {option}",
            SocketError.AccessDenied => $"port {port} ({purpose}) needs rights that this process does not have: choose one above 1023 with {option}",
            SocketError.AddressNotAvailable => $"{options.Ip} is not an address of this machine, so {purpose} cannot listen on {where}: change it with --ip (and say how others reach this node with --advertise)",
            _ => $"{purpose} cannot listen on {where} ({socket.SocketErrorCode}): change it with --ip or {option}",
        };
    }

    /// <summary>Which listener failed: Kestrel says so only in the text of its exception, as <c>http://address:port</c>.</summary>
    private static (int Port, string Purpose, string Option) Culprit(Exception exception, NodeOptions options)
    {
        for (var error = exception; error is not null; error = error.InnerException)
        {
            if (Mentions(error.Message, options.RespPort))
            {
                return (options.RespPort, "the Redis protocol", "--resp-port");
            }

            if (Mentions(error.Message, options.Port))
            {
                return (options.Port, "remoting", "--port");
            }
        }

        return (options.HttpPort, "HTTP", "--http-port");
    }

    private static bool Mentions(string message, int port)
    {
        var text = $":{port}";
        for (var at = message.IndexOf(text, StringComparison.Ordinal); at >= 0; at = message.IndexOf(text, at + 1, StringComparison.Ordinal))
        {
            var end = at + text.Length;
            if (end == message.Length || !char.IsAsciiDigit(message[end]))
            {
                return true;
            }
        }

        return false;
    }

    private static T? Find<T>(Exception? exception)
        where T : Exception
    {
        for (; exception is not null; exception = exception.InnerException)
        {
            if (exception is T found)
            {
                return found;
            }
        }

        return null;
    }
}
