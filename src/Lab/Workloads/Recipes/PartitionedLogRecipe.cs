using System.Globalization;
using Cluster.Lab.Workloads.Sessions;

namespace Cluster.Lab.Workloads.Recipes;

/// <summary>The mode <c>log-based</c>: send [value] gives the offset; poll [from] or [from, replica] gives [[offset, value], ...]. Keys of four numbers in a row are one topic's partitions.</summary>
internal sealed class PartitionedLogRecipe : IRecipe
{
    /// <summary>A poll's second word: any replica may answer it.</summary>
    public const string Replica = "replica";

    public Task<StoreAnswer> ExecuteAsync(IClientSession session, Request request) => request switch
    {
        { Op: "send", Input: [{ } value] } => TopicOf(request.Key).SendAsync(session, value),
        { Op: "poll", Input: [{ } from, ..] } => TopicOf(request.Key).PollAsync(session, from, request.Input.Count > 1),
        _ => throw new ArgumentException($"no recipe for '{request.Op}'", nameof(request)),
    };

    private static LogTopic TopicOf(string key)
    {
        var number = LogTopic.NumberOf(key);
        return new LogTopic(string.Create(CultureInfo.InvariantCulture, $"{key.AsSpan().TrimEnd("0123456789")}-{number / LogTopic.Partitions}"), number % LogTopic.Partitions);
    }
}
