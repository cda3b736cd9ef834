using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Cluster.Shared.Files;

namespace Cluster.Lab.Tests.Workloads;

/// <summary>A server of one key-value table, with WATCH and MULTI, whose answers a test can replace. A null answer closes the connection, as a killed node does.</summary>
internal sealed class ScriptedServer : IDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly Dictionary<string, string> table = [];
    private readonly Dictionary<string, int> versions = [];
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
            var connection = new Connection();
            while (await reader.ReadLineAsync() is ['*', .. var count])
            {
                var words = new string[int.Parse(count, CultureInfo.InvariantCulture)];
                for (var i = 0; i < words.Length; i++)
                {
                    await reader.ReadLineAsync();
                    words[i] = (await reader.ReadLineAsync())!;
                }

                var answer = Script(Interlocked.Increment(ref commands), words) ?? new Answer(Execute(connection, words));
                if (answer.Bytes is null)
                {
                    return;
                }

                await stream.WriteAsync(Encoding.UTF8.GetBytes(answer.Bytes));
            }
        }
    }

    private string Execute(Connection connection, string[] words)
    {
        lock (table)
        {
            switch (words[0])
            {
                case "WATCH":
                    foreach (var key in words[1..])
                    {
                        connection.Watched[key] = versions.GetValueOrDefault(key);
                    }

                    return "+OK\r\n";
                case "UNWATCH":
                    connection.Watched.Clear();
                    return "+OK\r\n";
                case "MULTI":
                    connection.Queued = [];
                    return "+OK\r\n";
                case "EXEC":
                    var stands = connection.Watched.All(key => versions.GetValueOrDefault(key.Key) == key.Value);
                    var queued = connection.Queued!;
                    connection.Watched.Clear();
                    connection.Queued = null;
                    return stands ? $"*{queued.Count}\r\n" + string.Concat(queued.Select(Execute)) : "*-1\r\n";
                default:
                    connection.Queued?.Add(words);
                    return connection.Queued is null ? Execute(words) : "+QUEUED\r\n";
            }
        }
    }

    private string Execute(string[] words)
    {
        switch (words[0])
        {
            case "SET":
                Put(words[1], words[2]);
                return "+OK\r\n";
            case "DEL":
                Put(words[1], null);
                return ":1\r\n";
            case "CLIENT":
                return "+OK\r\n";
            case "GET":
                return Bulk(words[1]);
            case "MGET":
                return $"*{words.Length - 1}\r\n" + string.Concat(words[1..].Select(Bulk));
            default:
                var sum = long.Parse(table.GetValueOrDefault(words[1], "0"), CultureInfo.InvariantCulture) + 1;
                Put(words[1], sum.ToString(CultureInfo.InvariantCulture));
                return $":{sum}\r\n";
        }
    }

    private void Put(string key, string? value)
    {
        versions[key] = versions.GetValueOrDefault(key) + 1;
        _ = value is null ? table.Remove(key) : (table[key] = value) is null;
    }

    private string Bulk(string key) => table.TryGetValue(key, out var value) ? $"${value.Length}\r\n{value}\r\n" : "$-1\r\n";

    private sealed class Connection
    {
        public Dictionary<string, int> Watched { get; } = [];

        public List<string[]>? Queued { get; set; }
    }

    internal sealed record Answer(string? Bytes);
}
