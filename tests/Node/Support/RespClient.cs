using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Cluster.Node.Tests.Support;

/// <summary>
/// A small, independent RESP client. Replies come back as text in one form: <c>+OK</c>, <c>-ERR ...</c>, <c>:1</c>, <c>"bulk"</c>, <c>nil</c> (RESP2), <c>nullarray</c> (RESP2),
/// <c>_</c> (RESP3 null), <c>[a, b]</c>, <c>%{a: b}</c>, <c>~[a]</c>, <c>=txt</c>.
/// </summary>
internal sealed class RespClient : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly TcpClient tcp;
    private readonly NetworkStream stream;
    private readonly byte[] buffer = new byte[65536];
    private int start;
    private int end;

    private RespClient(TcpClient tcp)
    {
        this.tcp = tcp;
        stream = tcp.GetStream();
    }

    public static async Task<RespClient> ConnectAsync(int port)
    {
        var tcp = new TcpClient { NoDelay = true };
        await tcp.ConnectAsync("127.0.0.1", port);
        return new RespClient(tcp);
    }

    public static byte[] Encode(params string[] words)
    {
        using var bytes = new MemoryStream();
        bytes.Write(Encoding.ASCII.GetBytes($"*{words.Length}\r\n"));
        foreach (var word in words)
        {
            var text = Encoding.UTF8.GetBytes(word);
            bytes.Write(Encoding.ASCII.GetBytes($"${text.Length}\r\n"));
            bytes.Write(text);
            bytes.Write("\r\n"u8);
        }

        return bytes.ToArray();
    }

    public async Task<string> SendAsync(params string[] words)
    {
        await SendRawAsync(Encode(words));
        return await ReadAsync();
    }

    public Task SendRawAsync(string text) => SendRawAsync(Encoding.Latin1.GetBytes(text));

    public async Task SendRawAsync(ReadOnlyMemory<byte> bytes) => await stream.WriteAsync(bytes).AsTask().WaitAsync(Patience);

    public void EndSending() => tcp.Client.Shutdown(SocketShutdown.Send);

    /// <summary>The next reply; <c>closed</c> when the server has closed the connection.</summary>
    public async Task<string> ReadAsync()
    {
        if (await LineAsync() is not { } line)
        {
            return "closed";
        }

        var rest = line[1..];
        switch (line[0])
        {
            case '+' or '-' or ':':
                return line;
            case '_':
                return "_";
            case '$' when rest == "-1":
                return "nil";
            case '$':
                return $"\"{await BytesAsync(Number(rest))}\"";
            case '=':
                return "=" + await BytesAsync(Number(rest));
            case '*' when rest == "-1":
                return "nullarray";
            case '*':
                return $"[{await ManyAsync(Number(rest))}]";
            case '>':
                return $">[{await ManyAsync(Number(rest))}]";
            case '~':
                return $"~[{await ManyAsync(Number(rest))}]";
            case '%':
                var pairs = new List<string>();
                for (var i = 0; i < Number(rest); i++)
                {
                    pairs.Add($"{await ReadAsync()}: {await ReadAsync()}");
                }

                return $"%{{{string.Join(", ", pairs)}}}";
            default:
                throw new InvalidDataException($"not RESP: {line}");
        }
    }

    public ValueTask DisposeAsync()
    {
        tcp.Dispose();
        return ValueTask.CompletedTask;
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private async Task<string> ManyAsync(int count)
    {
        var items = new List<string>();
        for (var i = 0; i < count; i++)
        {
            items.Add(await ReadAsync());
        }

        return string.Join(", ", items);
    }

    private async Task<string?> LineAsync()
    {
        var line = new StringBuilder();
        while (true)
        {
            if (await ByteAsync() is not { } next)
            {
                return null;
            }

            if (next == '\n')
            {
                return line.ToString(0, line.Length - 1);
            }

            line.Append((char)next);
        }
    }

    private async Task<string> BytesAsync(int count)
    {
        var bytes = new byte[count + 2];
        for (var i = 0; i < bytes.Length; i++)
        {
            bytes[i] = await ByteAsync() ?? throw new EndOfStreamException("closed inside a reply");
        }

        return Encoding.UTF8.GetString(bytes, 0, count);
    }

    private async ValueTask<byte?> ByteAsync()
    {
        if (start == end)
        {
            try
            {
                start = 0;
                end = await stream.ReadAsync(buffer).AsTask().WaitAsync(Patience);
            }
            catch (IOException)
            {
                end = 0; // Reset counts as closed.
            }

            if (end == 0)
            {
                return null;
            }
        }

        return buffer[start++];
    }
}
