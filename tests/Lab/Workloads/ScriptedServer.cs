using System.Net;
using System.Net.Sockets;
using System.Text;
using Cluster.Shared.Files;

namespace Cluster.Lab.Tests.Workloads;

/// <summary>A server of one key-value table whose answers a test can replace. A null answer closes the connection, as a killed node does.</summary>
internal sealed class ScriptedServer : IDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly Dictionary<string, string> table = [];
    private int commands;

    public ScriptedServer()
    {
        listener.Start();
        _ = AcceptAsync();
    }

    /// <summary>Gets the number of the command (from 1) and its words; what it returns goes out instead of the table's own answer.</summary>
    public Func<int, string[], Answer?> Script { get; init; } = (_, _) => null;

    public ClusterFileNode Node
    {
        get
        {
            var port = ((IPEndPoint)listener.LocalEndpoint).Port;
            return new ClusterFileNode("n1", 0, $"127.0.0.1:{port}", $"http://127.0.0.1:{port}", $"127.0.0.1:{port}");
        }
    }

    public void Dispose() => listener.Dispose();

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = ServeAsync(await listener.AcceptTcpClientAsync());
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            var stream = client.GetStream();
            using var reader = new StreamReader(stream);
            while (await reader.ReadLineAsync() is ['*', .. var count])
            {
                var words = new string[int.Parse(count, System.Globalization.CultureInfo.InvariantCulture)];
                for (var i = 0; i < words.Length; i++)
                {
                    await reader.ReadLineAsync();
                    words[i] = (await reader.ReadLineAsync())!;
                }

                var answer = Script(Interlocked.Increment(ref commands), words) ?? new Answer(Execute(words));
                if (answer.Bytes is null)
                {
                    return;
                }

                await stream.WriteAsync(Encoding.UTF8.GetBytes(answer.Bytes));
            }
        }
    }

    private string Execute(string[] words)
    {
        lock (table)
        {
            switch (words[0])
            {
                case "SET":
                    table[words[1]] = words[2];
                    return "+OK\r\n";
                case "GET":
                    return table.TryGetValue(words[1], out var value) ? $"${value.Length}\r\n{value}\r\n" : "$-1\r\n";
                default:
                    var sum = long.Parse(table.GetValueOrDefault(words[1], "0"), System.Globalization.CultureInfo.InvariantCulture) + 1;
                    table[words[1]] = sum.ToString(System.Globalization.CultureInfo.InvariantCulture);
                    return $":{sum}\r\n";
            }
        }
    }

    internal sealed record Answer(string? Bytes);
}
