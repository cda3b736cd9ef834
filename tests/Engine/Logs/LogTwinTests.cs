using Cluster.Engine.Logs;
using Cluster.Shared.Wire;
using static Cluster.Engine.Tests.Logs.LogStepsOfTests;

namespace Cluster.Engine.Tests.Logs;

/// <summary>Random appends, retries, retention, lost leaders and snapshots, beside a log that is a plain list.</summary>
public class LogTwinTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void It_is_what_a_plain_list_would_be(int seed)
    {
        var random = new Random(seed);
        var log = new ReplicatedLog();
        log.Do(Configure(LogCleanup.Delete, retentionMs: 500));
        var twin = new List<string>();
        var next = new Dictionary<string, ulong>();
        (string Producer, ulong Sequence, string Value, ulong Offset)? sent = null;
        for (var step = 0; step < 2_000; step++)
        {
            log.NowMs += random.Next(5);
            var producer = $"p{random.Next(3)}";
            switch (random.Next(20))
            {
                case 0:
                    log.DoDue();
                    break;
                case 1:
                    log.Restore();
                    break;
                case 2:
                    log.Propose(Produce(producer, 0, next.GetValueOrDefault(producer), "lost"));
                    log.Lose();
                    break;
                case 3 when sent is { } again:
                    var answer = log.Do(Produce(again.Producer, 0, again.Sequence, again.Value));
                    Assert.Equal((again.Offset, true), (answer.Steps[0].Offset, answer.Steps[0].Duplicate));
                    break;
                default:
                    var sequence = next.GetValueOrDefault(producer);
                    var reply = log.Do(Produce(producer, 0, sequence, $"{producer}-{sequence}"));
                    Assert.Equal((ulong)twin.Count, reply.Steps[0].Offset);
                    sent = (producer, sequence, $"{producer}-{sequence}", reply.Steps[0].Offset);
                    twin.Add($"{producer}-{sequence}");
                    next[producer] = sequence + 1;
                    break;
            }

            var start = log.Fetch(P, (ulong)twin.Count).Start;
            Assert.Equal(twin.Skip((int)start), log.Read(P, start).Select(record => record.Value.ToStringUtf8()));
        }

        Assert.True(log.Fetch(P, (ulong)twin.Count).Start > 0, "retention never was there");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void A_snapshot_that_was_damaged_or_cut_off_is_refused(int how)
    {
        var log = new ReplicatedLog();
        log.Do(Append("a", "b"));
        var stream = new MemoryStream();
        using (var snapshot = log.Leader.TakeSnapshot())
        {
            snapshot.WriteTo(stream);
        }

        var bytes = stream.ToArray();
        bytes = how switch { 0 => bytes[..^3], 1 => [0xFF, 0xFF, 0x7F, .. bytes[1..]], _ => [bytes[0], 0, .. bytes[2..]] };

        var refused = Xunit.Record.Exception(() => new LogMachine().Restore(new MemoryStream(bytes)));

        Assert.True(refused is InvalidDataException or EndOfStreamException, $"{refused}");
    }
}
