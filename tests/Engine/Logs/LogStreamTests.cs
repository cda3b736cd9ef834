using Cluster.Engine.Logs;
using Cluster.Engine.Port;
using Cluster.Shared.Wire;
using Google.Protobuf;
using static Cluster.Engine.Tests.Logs.LogStepsOfTests;

namespace Cluster.Engine.Tests.Logs;

/// <summary>Streams: what event sourcing stands on. A stream grows only from the version that its writer has seen.</summary>
public class LogStreamTests
{
    private readonly ReplicatedLog log = new();

    public LogStreamTests() => log.Do(Configure(LogCleanup.Streams));

    [Fact]
    public void A_writer_with_a_stale_version_is_refused_also_while_the_newer_one_is_only_proposed()
    {
        Assert.Equal(LogStatus.Ok, log.Propose(Keyed("a", "1", version: 0)).Status);
        Assert.Equal(LogStatus.Conflict, log.Propose(Keyed("a", "other", version: 0)).Status);
        Assert.Equal(LogStatus.Ok, log.Propose(Keyed("b", "1", version: 0)).Status);
        log.ApplyAll();

        Assert.Equal(LogStatus.Ok, log.Do(Keyed("a", "2", version: 1)).Status);
        Assert.Equal(["1", "2"], Read("a"));
    }

    [Fact]
    public void A_stream_is_read_from_a_version_on_and_after_a_snapshot_too()
    {
        for (ulong version = 0; version < 5; version++)
        {
            log.Do(Keyed("a", $"a{version}", version));
            log.Do(Keyed("b", $"b{version}", version));
        }

        log.Restore();

        Assert.Equal(["a3", "a4"], Read("a", from: 3));
        Assert.Equal(["b0", "b1", "b2", "b3", "b4"], Read("b"));
        Assert.Empty(Read("c"));
        Assert.Equal(LogStatus.Conflict, log.Do(Keyed("a", "x", version: 4)).Status);
        Assert.Equal(LogStatus.OutOfRange, Ask("a", 6).Status);
    }

    [Fact]
    public void A_stream_longer_than_one_reply_may_be_is_read_in_several()
    {
        for (ulong version = 0; version < 9; version++)
        {
            Assert.Equal(LogStatus.Ok, log.Do(Keyed("a", $"{version}{new string('x', LogBounds.MaxBatchBytes - 1_000)}", version)).Status);
        }

        var read = new List<string>();
        while (read.Count < 9)
        {
            var reply = Ask("a", (ulong)read.Count);
            Assert.InRange(reply.CalculateSize(), LogBounds.MaxBatchBytes / 2, LogBounds.MaxFetchBytes + 1_000);
            Assert.Equal(9ul, reply.NextOffset);
            read.AddRange(reply.Records().Select(record => record.Record.Value.ToStringUtf8()[..1]));
        }

        Assert.Equal(Enumerable.Range(0, 9).Select(version => $"{version}"), read);
    }

    [Fact]
    public void An_append_to_streams_says_its_key_and_its_version_and_one_to_a_plain_partition_does_not()
    {
        Assert.Equal(LogStatus.Bad, log.Do(Keyed("a", "1")).Status);
        Assert.Equal(LogStatus.Bad, log.Do(Append("a")).Status);
        var elsewhere = Keyed("a", "1", version: 0);
        elsewhere.Partition = "plain/0";
        Assert.Equal(LogStatus.Bad, log.Do(elsewhere).Status);
    }

    private IEnumerable<string> Read(string key, ulong from = 0) => Ask(key, from).Records().Select(record => record.Record.Value.ToStringUtf8());

    private LogReply Ask(string key, ulong from) =>
        log.Ask(new LogCommand { ReadStream = new LogReadStream { Partition = P, Key = ByteString.CopyFromUtf8(key), FromVersion = from, MaxRecords = 100 } });
}
