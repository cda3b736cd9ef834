using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Cluster.Node.Tests.Support;

/// <summary>
/// Commands with the exact bytes of their replies, as text: <c>> SET a 1</c>, then <c>&lt; +OK\r\n</c>. A line <c>~ reply</c> after that is the reply that this
/// node gives instead, meant so, and <c># words</c> say why. <c>@ HELLO 3</c> is sent and its reply not looked at; <c>. more</c> sends nothing and reads one reply
/// more, of a command that answers several times; an empty line begins a new connection on an empty store.
/// </summary>
internal static class RespScript
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>One command of a script; with an empty one nothing is sent, and what comes is the reply.</summary>
    /// <param name="Line">As it stands in the file, for messages.</param>
    public sealed record Step(int Line, string Command, bool IsLookedAt, string? Reply, string? OwnReply);

    public static IReadOnlyList<IReadOnlyList<Step>> Parse(IReadOnlyList<string> lines)
    {
        var connections = new List<IReadOnlyList<Step>>();
        var steps = new List<Step>();
        for (var i = 0; i <= lines.Count; i++)
        {
            var line = i < lines.Count ? lines[i] : "";
            switch (line.Length > 0 ? line[0] : ' ')
            {
                case '>' or '@':
                    steps.Add(new Step(i + 1, line[2..], line[0] == '>', null, null));
                    break;
                case '.':
                    steps.Add(new Step(i + 1, "", true, null, null));
                    break;
                case '<':
                    steps[^1] = steps[^1] with { Reply = line[2..] };
                    break;
                case '~':
                    steps[^1] = steps[^1] with { OwnReply = line[2..] };
                    break;
                case ' ' when steps.Count > 0:
                    connections.Add(steps);
                    steps = [];
                    break;
            }
        }

        return connections;
    }

    /// <summary>Runs the steps of one connection; gives each reply's bytes as text.</summary>
    public static async Task<IReadOnlyList<string>> RunAsync(Stream stream, IReadOnlyList<Step> steps)
    {
        var replies = new List<string>();
        foreach (var step in steps)
        {
            if (step.Command.Length > 0)
            {
                await stream.WriteAsync(RespClient.Encode([.. Words(step.Command)]));
            }

            var reply = new MemoryStream();
            await ReadReplyAsync(stream, reply).WaitAsync(Patience);
            replies.Add(Escape(reply.ToArray()));
        }

        return replies;
    }

    public static async Task<Stream> ConnectAsync(EndPoint endPoint)
    {
        var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, endPoint.AddressFamily == AddressFamily.Unix ? ProtocolType.Unspecified : ProtocolType.Tcp);
        await socket.ConnectAsync(endPoint);
        return new NetworkStream(socket, ownsSocket: true);
    }

    /// <summary>Words with blanks between; in double quotes a word may have blanks, or nothing.</summary>
    private static IEnumerable<string> Words(string command)
    {
        var quoted = command.Split('"');
        for (var i = 0; i < quoted.Length; i++)
        {
            foreach (var word in i % 2 == 1 ? [quoted[i]] : quoted[i].Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                yield return word;
            }
        }
    }

    private static async Task ReadReplyAsync(Stream stream, MemoryStream reply)
    {
        var start = (int)reply.Length;
        do
        {
            await CopyAsync(stream, reply, 1);
        }
        while (reply.GetBuffer()[reply.Length - 1] != '\n');
        var line = Encoding.ASCII.GetString(reply.GetBuffer(), start, (int)reply.Length - start - 2);
        if (line[0] is not ('$' or '=' or '*' or '~' or '%' or '>'))
        {
            return;
        }

        var count = int.Parse(line.AsSpan(1), CultureInfo.InvariantCulture);
        if (line[0] is '$' or '=')
        {
            await CopyAsync(stream, reply, count < 0 ? 0 : count + 2);
            return;
        }

        for (var i = line[0] == '%' ? count * 2 : count; i > 0; i--)
        {
            await ReadReplyAsync(stream, reply);
        }
    }

    private static async Task CopyAsync(Stream stream, MemoryStream reply, int count)
    {
        var bytes = new byte[count];
        await stream.ReadExactlyAsync(bytes);
        reply.Write(bytes);
    }

    private static string Escape(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder();
        foreach (var one in bytes)
        {
            text.Append(one switch
            {
                (byte)'\r' => "\\r",
                (byte)'\n' => "\\n",
                (byte)'\\' => "\\\\",
                >= 0x20 and < 0x7f => ((char)one).ToString(),
                _ => $"\\x{one:x2}",
            });
        }

        return text.ToString();
    }
}
