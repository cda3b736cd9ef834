using System.Diagnostics;
using System.Net.Sockets;
using Cluster.Node.Tests.Support;

namespace Cluster.Node.Tests.Resp;

/// <summary>
/// The same commands to this node and to a Redis 7.0.15, byte for byte. The file <c>redis-7.0.15.txt</c> holds what Redis answered, so no server is needed;
/// where one is installed the file is checked against it, and written anew when <c>CLUSTER_LAB_RECORD</c> is set.
/// </summary>
public sealed class ComplianceTests
{
    private const string Version = "7.0.15";

    private static readonly string Recording = Path.Combine(Repository.Root, "tests", "Node", "Resp", "redis-7.0.15.txt");

    [Fact]
    public async Task Replies_are_those_of_Redis_byte_for_byte()
    {
        var wrong = new List<string>();
        var looked = 0;
        foreach (var connection in RespScript.Parse(await File.ReadAllLinesAsync(Recording)))
        {
            await using var doors = await Doors.OpenAsync();
            await using var stream = await RespScript.ConnectAsync(doors.Ports.Resp);
            var replies = await RespScript.RunAsync(stream, connection);
            foreach (var (step, reply) in connection.Zip(replies).Where(pair => pair.First.IsLookedAt))
            {
                looked++;
                Assert.True(step.Reply is not null, $"line {step.Line}: nothing recorded");
                Assert.True(step.OwnReply != step.Reply, $"line {step.Line}: a difference that is none");
                if (reply != (step.OwnReply ?? step.Reply))
                {
                    wrong.Add($"line {step.Line}: {step.Command}\n  expected {step.OwnReply ?? step.Reply}\n  got      {reply}");
                }
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.True(looked > 200, $"only {looked} commands");
    }

    [Fact]
    public async Task The_recording_is_what_a_real_Redis_answers()
    {
        // Debian's redis-tools has the whole server under another name, and the program goes by the name that it is called by.
        var program = InPath("redis-server") ?? InPath("redis-check-rdb");
        Assert.SkipWhen(program is null, "neither redis-server nor redis-tools is installed; .ci/run installs the latter");
        var folder = Directory.CreateTempSubdirectory("redis-compliance-").FullName;
        program = File.CreateSymbolicLink(Path.Combine(folder, "redis-server"), program).FullName;
        var socket = Path.Combine(folder, "redis.sock");
        using var server = Process.Start(new ProcessStartInfo(program, ["--port", "0", "--unixsocket", socket, "--dir", folder, "--save", "", "--loglevel", "warning"])
        {
            RedirectStandardOutput = true,
        })!;
        try
        {
            await using var first = await ConnectAsync(socket);
            var info = await RespScript.RunAsync(first, [new RespScript.Step(0, "INFO server", true, null, null)]);
            Assert.SkipUnless(info[0].Contains($"redis_version:{Version}", StringComparison.Ordinal), $"the redis-server installed is not {Version}");
            await CompareAsync(socket);
        }
        finally
        {
            server.Kill();
            await server.WaitForExitAsync();
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string? InPath(string name) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);

    private static async Task CompareAsync(string socket)
    {
        var lines = (await File.ReadAllLinesAsync(Recording)).ToList();
        var answered = new Dictionary<int, string>();
        foreach (var connection in RespScript.Parse(lines))
        {
            await using var stream = await RespScript.ConnectAsync(new UnixDomainSocketEndPoint(socket));
            await RespScript.RunAsync(stream, [new RespScript.Step(0, "FLUSHALL", true, null, null)]);
            var replies = await RespScript.RunAsync(stream, connection);
            foreach (var (step, reply) in connection.Zip(replies).Where(pair => pair.First.IsLookedAt))
            {
                answered[step.Line] = reply;
            }
        }

        var recorded = new List<string>();
        for (var i = 0; i < lines.Count; i++)
        {
            if (lines[i].StartsWith('<'))
            {
                continue;
            }

            recorded.Add(lines[i]);
            if (answered.TryGetValue(i + 1, out var reply))
            {
                recorded.Add("< " + reply);
            }
        }

        if (Environment.GetEnvironmentVariable("CLUSTER_LAB_RECORD") is not null)
        {
            await File.WriteAllLinesAsync(Recording, recorded);
            return;
        }

        Assert.Equal(recorded, lines);
    }

    private static async Task<Stream> ConnectAsync(string socket)
    {
        for (var deadline = Environment.TickCount64 + 30_000; ; await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System))
        {
            try
            {
                return await RespScript.ConnectAsync(new UnixDomainSocketEndPoint(socket));
            }
            catch (SocketException) when (Environment.TickCount64 < deadline)
            {
                // It is still starting.
            }
        }
    }
}
