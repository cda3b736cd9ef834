using Cluster.Shared.Wire;
using Google.Protobuf;

namespace Cluster.Engine.Tests.Logs;

/// <summary>Steps as tests write them.</summary>
internal static class LogStepsOfTests
{
    public const string P = "t/0";

    public static LogStep Append(params string[] values) => To(P, values);

    public static LogStep To(string partition, params string[] values) => new() { Partition = partition, Append = new LogAppend { Records = { values.Select(value => Record(null, value)) } } };

    public static LogStep Keyed(string key, string? value, ulong? version = null)
    {
        var append = new LogAppend { Records = { Record(key, value) } };
        if (version is { } expected)
        {
            append.ExpectedVersion = expected;
        }

        return new LogStep { Partition = P, Append = append };
    }

    public static LogStep Produce(string producer, uint epoch, ulong sequence, params string[] values)
    {
        var step = Append(values);
        (step.Append.Producer, step.Append.Epoch, step.Append.Sequence) = (producer, epoch, sequence);
        return step;
    }

    public static LogStep Claim(ulong generation, string member) => new() { Partition = P, Claim = new LogClaim { Group = "g", Generation = generation, Member = member } };

    public static LogStep Commit(ulong generation, string member, ulong offset, ulong? from = null)
    {
        var commit = new LogCommit { Group = "g", Generation = generation, Member = member, Offset = offset };
        if (from is { } at)
        {
            commit.From = at;
        }

        return new LogStep { Partition = P, Commit = commit };
    }

    public static LogStep Configure(LogCleanup cleanup, long retentionMs = 0, long retentionBytes = 0) =>
        new() { Partition = P, Configure = new LogSettings { Cleanup = cleanup, RetentionMs = retentionMs, RetentionBytes = retentionBytes } };

    public static LogRecord Record(string? key, string? value)
    {
        var record = new LogRecord();
        if (key is not null)
        {
            record.Key = ByteString.CopyFromUtf8(key);
        }

        if (value is not null)
        {
            record.Value = ByteString.CopyFromUtf8(value);
        }

        return record;
    }
}
