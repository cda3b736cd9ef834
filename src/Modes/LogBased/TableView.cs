using Cluster.Engine.Port;
using Cluster.Modes.Hosting;
using Cluster.Modes.Storage;
using Cluster.Modes.Streams;
using Cluster.Shared.Results;
using Cluster.Shared.Wire;

namespace Cluster.Modes.LogBased;

/// <summary>The materialised view of one partition, pure: the last value of each key, of the records that the partition keeps below an offset. What retention takes from the partition goes from the view with the next read, so it is what a view that is built anew would be.</summary>
internal sealed class TableView(string topic, int partition)
{
    /// <summary>Keys of a table that is shown as a whole: what fits one answer.</summary>
    public const int MaxShown = 10_000;

    private readonly SortedDictionary<string, (string Value, ulong Offset)> keys = new(StringComparer.Ordinal);
    private readonly SortedDictionary<ulong, string> places = []; // The same by offset: one for each key.

    private bool isNew = true;
    private ulong forgottenTo; // Of the replies that the view is made of, the least: tombstones below it were gone in all of them, with the records that they ended.

    /// <summary>All records below it are in the view.</summary>
    public ulong Offset { get; private set; }

    /// <summary>
    /// Applies what a read from an offset brought, as far as it is new here. Where compaction has taken tombstones that the view has not read, of records that it perhaps has, it begins anew instead: the offset is then where the log
    /// begins, and all is to be read once more.
    /// </summary>
    /// <returns>How many records that were.</returns>
    public int Take(ulong from, LogReply reply)
    {
        ForgetBelow(reply.Start);
        if (from > Offset || reply.NextOffset <= Offset)
        {
            return 0; // Read for a view that has begun anew since; or all of it came by the other kind of read.
        }

        if (!isNew && Offset < reply.ForgottenTo && forgottenTo < reply.ForgottenTo)
        {
            BeginAnew(reply.Start);
            return 0;
        }

        (isNew, forgottenTo) = (false, isNew ? reply.ForgottenTo : Math.Min(forgottenTo, reply.ForgottenTo));
        var taken = 0;
        foreach (var (record, _) in reply.Records(Offset))
        {
            taken++;
            if (LogSteps.KeyOf(record) is not { } key)
            {
                continue; // Without a key it changes nothing.
            }

            Forget(key);
            if (LogSteps.ValueOf(record) is { } value)
            {
                keys.Add(key, (value, record.Offset));
                places.Add(record.Offset, key);
            }
        }

        Offset = reply.NextOffset;
        return taken;
    }

    /// <summary>Retention or compaction was here: what is left is what the log still tells.</summary>
    public void BeginAnew(ulong start)
    {
        keys.Clear();
        places.Clear();
        (Offset, isNew) = (start, true);
    }

    /// <summary>What the question is answered.</summary>
    public object Answer(TableQuestion question, int replayed) => question switch
    {
        KeyOfTable one => ModeAnswer.Ok(Find(one.Key), StorageJson.Default.StoredValue),
        PageOfTable page => new TablePage(Page(page)),
        PeekOfTable peek => new ViewPeeked(peek.Self, Offset, keys.TryGetValue(peek.Key, out var found) ? found.Offset : null),
        WholeTable when keys.Count > MaxShown => ModeAnswer.Failed(new ClusterError(ErrorCode.Conflict, $"partition {partition} of {topic} has {keys.Count} keys: more than {MaxShown} are too many for one answer")),
        WholeTable => ModeAnswer.Ok(new TableAnswer(topic, partition, Offset, replayed, keys.ToDictionary(key => key.Key, key => key.Value.Value)), LogBasedJson.Default.TableAnswer),
        _ => throw new ArgumentException($"a table does not know {question.GetType().Name}", nameof(question)),
    };

    private void ForgetBelow(ulong start)
    {
        while (places.Count > 0 && places.First() is { Key: var offset, Value: var key } && offset < start)
        {
            places.Remove(offset);
            keys.Remove(key);
        }
    }

    private void Forget(string key)
    {
        if (keys.Remove(key, out var before))
        {
            places.Remove(before.Offset);
        }
    }

    private StoredValue Find(string key) => keys.TryGetValue(key, out var found) ? new StoredValue(key, found.Value, KeyTopic.Version(partition, found.Offset)) : new StoredValue(key, null, null);

    private List<StoredValue> Page(PageOfTable page)
    {
        var first = string.CompareOrdinal(page.After, page.Prefix) > 0 ? page.After : page.Prefix;
        return [.. keys
            .SkipWhile(key => string.CompareOrdinal(key.Key, first) < 0 || (page.After.Length > 0 && string.CompareOrdinal(key.Key, page.After) <= 0))
            .TakeWhile(key => key.Key.StartsWith(page.Prefix, StringComparison.Ordinal))
            .Take(page.Limit + 1)
            .Select(key => new StoredValue(key.Key, key.Value.Value, KeyTopic.Version(partition, key.Value.Offset)))];
    }
}
