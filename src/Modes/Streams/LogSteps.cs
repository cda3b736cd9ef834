using Cluster.Shared.Wire;
using Google.Protobuf;

namespace Cluster.Modes.Streams;

/// <summary>The commands of the durable log, as modes put them together.</summary>
internal static class LogSteps
{
    public static LogCommand Transaction(params IEnumerable<LogStep> steps) => new() { Transaction = new LogTransaction { Steps = { steps } } };

    public static LogCommand Fetch(string partition, ulong offset, int maxBytes) => new() { Fetch = new LogFetch { Partition = partition, Offset = offset, MaxBytes = (uint)maxBytes } };

    public static LogCommand Describe(string partition) => new() { Describe = new LogDescribe { Partition = partition } };

    public static LogStep Append(string partition, LogAppend append) => new() { Partition = partition, Append = append };

    public static LogStep Configure(string partition, LogSettings settings) => new() { Partition = partition, Configure = settings };

    public static LogStep Claim(string partition, string group, ulong generation, string member) =>
        new() { Partition = partition, Claim = new LogClaim { Group = group, Generation = generation, Member = member } };

    public static LogStep Forget(string partition, string group) => new() { Partition = partition, Forget = new LogForget { Group = group } };

    /// <param name="from">Where the group must stand; null for wherever it is.</param>
    public static LogStep Commit(string partition, string group, ulong generation, string member, ulong offset, ulong? from, bool unfenced = false)
    {
        var commit = new LogCommit { Group = group, Generation = generation, Member = member, Offset = offset, Unfenced = unfenced };
        if (from is { } at)
        {
            commit.From = at;
        }

        return new LogStep { Partition = partition, Commit = commit };
    }

    /// <param name="value">Null for a tombstone.</param>
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

    public static string? KeyOf(LogRecord record) => record.HasKey ? record.Key.ToStringUtf8() : null;

    public static string? ValueOf(LogRecord record) => record.HasValue ? record.Value.ToStringUtf8() : null;

    /// <summary>Which partition a key belongs to: the FNV-1a hash (64 bits) of its UTF-8, modulo their number. It stands in no log, but must never change: a key's order rests on it.</summary>
    public static int PartitionOf(string key, int partitions)
    {
        var hash = 14695981039346656037UL;
        foreach (var b in System.Text.Encoding.UTF8.GetBytes(key))
        {
            hash = (hash ^ b) * 1099511628211UL;
        }

        return (int)((hash ^ (hash >> 32)) % (ulong)partitions);
    }
}
