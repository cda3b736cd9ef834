using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Cluster.Engine.Port;

namespace Cluster.Modes.Federated;

/// <content>
/// How other clusters follow a home: they ask for what comes after their position, which is so also what they acknowledge. The stream is read from the keys themselves, the newest record of each, so there is no outbox that
/// could overflow: who was away for a minute or a month asks the same question, and gets no more than the keys that changed.
/// </content>
public sealed partial class GroupCore
{
    /// <summary>Bytes of values in one answer, so that it stays far under the bound of a message: more comes with the next.</summary>
    private const int MostStreamChars = 200_000;

    private static StreamRead Stream(GroupState state, string region, ReadAfter asked)
    {
        var isHome = IsHome(state, region, asked.Here);
        if (!isHome || state.Position <= asked.After)
        {
            return new StreamRead(state.Epochs, isHome, [], state.Position, state.Position, isHome && asked.Digest && state.Position == asked.After ? Digest(state) : null);
        }

        var lacking = state.Keys.Values.Where(record => record.Version > asked.After).OrderBy(record => record.Version).ToList();
        var part = new List<StoredRecord>();
        var chars = 0;
        foreach (var record in lacking.Take(asked.Most))
        {
            chars += record.Key.Length + (record.Value?.Length ?? 0);
            if (part.Count > 0 && chars > MostStreamChars)
            {
                break;
            }

            part.Add(record);
        }

        var isAll = part.Count == lacking.Count;
        return new StreamRead(state.Epochs, IsHome: true, [.. part], isAll ? state.Position : part[^1].Version, state.Position, isAll && asked.Digest ? Digest(state) : null);
    }

    private static Decided<GroupEvent> Follow(GroupState state, string region, string group, Replicate part)
    {
        var events = ImmutableArray.CreateBuilder<GroupEvent>();
        if (IsNews(state, region, part.Epochs))
        {
            events.Add(new EpochsChanged(part.Epochs));
            state = Changed(state, part.Epochs);
        }

        var theirs = Lineage.Current(part.Epochs, region);
        if (theirs.CompareTo(Lineage.Current(state.Epochs, region)) < 0 || theirs.Home == part.Here || part.After > (state.Resync ?? state.Position))
        {
            // An earlier home's word counts for nothing; and what would leave a gap is asked for again.
            return Decided<GroupEvent>.Accept(events.ToImmutable()).With(Standing(state, group));
        }

        if (part.UpTo > (state.Resync ?? state.Position) || !part.Records.IsEmpty)
        {
            var followed = new RecordsFollowed(part.Records, part.UpTo);
            events.Add(followed);
            state = Followed(state, followed);
        }

        if (part.Digest is { } digest && state.Position == part.UpTo && state is { Resync: null, Tail.IsEmpty: true } && Digest(state) != digest)
        {
            events.Add(new DifferenceFound());
            state = state with { Resync = WriteVersion.None, Repairs = state.Repairs + 1 };
        }

        return Decided<GroupEvent>.Accept(events.ToImmutable()).With(Standing(state, group));
    }

    /// <summary>A position never goes back for a repair: what this cluster has is not unlearnt while it is sent again.</summary>
    private static GroupState Followed(GroupState state, RecordsFollowed followed)
    {
        var next = followed.Records.Aggregate(state, PutNewer) with { Position = followed.UpTo > state.Position ? followed.UpTo : state.Position };
        return state.Resync is null ? next : next with { Resync = followed.UpTo >= next.Position ? null : followed.UpTo };
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

        // Drained: it has every write that was ever taken here, and none of its own. From this decision on it is the home.
        if (state.MovesTo == told.Cluster && told.Position == state.Position && told.Tail == 0)
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
