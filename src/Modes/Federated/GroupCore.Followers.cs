using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Cluster.Engine.Port;

namespace Cluster.Modes.Federated;

/// <content>
/// How a home is followed, on its side: other clusters ask for what comes after their position, which is so also what they acknowledge. The stream is read from the keys themselves, the newest record of each, so there is no
/// outbox that could overflow: who was away for a minute or a month asks the same question, and gets no more than the keys that changed. Only who was away for more deletions than are remembered gets everything.
/// </content>
public sealed partial class GroupCore
{
    private static StreamRead Stream(GroupState state, string region, ReadAfter asked)
    {
        var isHome = IsHome(state, region, asked.Here);

        // What was taken away and forgotten since cannot be sent: everything else is, and what is not among it is gone.
        var isForgotten = (asked.Since ?? asked.After) < state.ForgottenUpTo;
        var (after, since) = isForgotten ? (WriteVersion.None, state.Position) : (asked.After, asked.Since);
        if (!isHome || state.Position <= after)
        {
            return Part([], isPart: false);
        }

        // Of this cluster's own tail nothing is sent yet: it comes again with a version of this home.
        var lacking = state.Keys.Values.Where(record => record.Version > after && !state.Tail.Contains(record.Key)).OrderBy(record => record.Version).ToList();
        var page = GroupSize.Page(lacking, asked.Most);
        return Part(page, page.Length < lacking.Count);

        StreamRead Part(ImmutableArray<StoredRecord> records, bool isPart) => new(
            state.Epochs,
            isHome,
            after,
            records,
            isPart ? records[^1].Version : state.Position,
            state.Position,
            isHome && asked.Digest && !isPart && state.Tail.IsEmpty && state.Position >= after ? Digest(state) : null,
            [.. state.Settled.Values],
            isPart,
            since)
        {
            Acknowledged = state.Acknowledged,
            MovesTo = state.MovesTo,
        };
    }

    private static Decided<GroupEvent> Acknowledged(GroupState state, string region, string group, Acknowledge told)
    {
        if (!IsHome(state, region, told.Here))
        {
            return Decided<GroupEvent>.Answer(Standing(state, group));
        }

        var events = ImmutableArray.CreateBuilder<GroupEvent>();
        if (state.Acknowledged.GetValueOrDefault(told.Cluster, WriteVersion.None) != told.Position)
        {
            events.Add(new PositionAcknowledged(told.Cluster, told.Position));
            state = state with { Acknowledged = state.Acknowledged.SetItem(told.Cluster, told.Position) };
        }

        // Drained: it has every write that was ever taken here, nothing that was taken away, and none of its own. From this decision on it is the home.
        if (state.MovesTo == told.Cluster && told.Position == state.Position && told is { Tail: 0, IsResync: false })
        {
            var next = new HomeEpoch(Lineage.Current(state.Epochs, region).Number + 1, told.Cluster, state.Position);
            var epochs = Lineage.With(state.Epochs, region, next);
            events.Add(new EpochsChanged(epochs));
            state = Changed(state, epochs);
        }

        return Decided<GroupEvent>.Accept(events.ToImmutable()).With(Standing(state, group));
    }

    /// <summary>Of what clients can see: keys that were taken away are remembered for different times in different clusters.</summary>
    private static string Digest(GroupState state)
    {
        var hash = new StringBuilder();
        ulong sum = 14695981039346656037;
        foreach (var record in state.Keys.Values.Where(record => record.Value is not null))
        {
            hash.Clear().Append(record.Key).Append('\0').Append(record.Version.ToString()).Append('\0').Append(record.Value).Append('\0');
            for (var at = 0; at < hash.Length; at++)
            {
                sum = (sum ^ hash[at]) * 1099511628211;
            }
        }

        return sum.ToString("x16", CultureInfo.InvariantCulture);
    }
}
