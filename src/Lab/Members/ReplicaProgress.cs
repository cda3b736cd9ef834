using Cluster.Lab.Surveys;
using Cluster.Lab.Targets;
using Cluster.Shared.Http;

namespace Cluster.Lab.Members;

/// <summary>
/// How far one member's replicas are on their way, in or out: from the shard table, and from what the shards' own leaders say of who votes and who learns.
/// </summary>
public sealed class ReplicaProgress(string member, StatusReport report)
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(150);

    private readonly MemberReport? self = report.Members.FirstOrDefault(known => known.Name == member);

    /// <summary>The groups that still count on it; in the control plane, which every member follows, only a vote counts.</summary>
    private readonly IReadOnlyList<ShardView> held = [.. report.Shards.Where(shard => shard.Voters.Contains(member) || (shard.Shard > 0 && shard.Learners.Contains(member)))];

    public static async Task<ReplicaProgress> LookAsync(ClusterTarget cluster, string member, CancellationToken cancellation) =>
        new(member, await new ClusterSurvey(cluster).AskAsync(allViews: false, cancellation).ConfigureAwait(false));

    /// <summary>Waits until a member that has joined has its share of the replicas.</summary>
    /// <param name="deadline">From now on.</param>
    /// <param name="report">Told at each look.</param>
    /// <exception cref="LabException">The deadline passed; the message says how far it is.</exception>
    public static async Task<ReplicaProgress> AwaitShareAsync(ClusterTarget cluster, string member, TimeSpan deadline, Action<ReplicaProgress> report, CancellationToken cancellation)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var progress = await LookAsync(cluster, member, cancellation).ConfigureAwait(false);
            if (progress.HasItsShare)
            {
                return progress;
            }

            report(progress);
            if (TimeProvider.System.GetElapsedTime(start) > deadline)
            {
                throw new LabException($"{member} has joined, but after {deadline.TotalSeconds:0} s it votes in {progress.Votes} of the {progress.Assigned} shards that are meant for it; it goes on, and 'lab status' shows how far it is");
            }

            await Task.Delay(PollInterval, TimeProvider.System, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Null when nobody knows it, or nobody answers.</summary>
    public string? Status => self?.Status;

    /// <summary>Whether anybody answered at all.</summary>
    public bool IsKnown => report.Asked is not null;

    /// <summary>Replicas that the shard table gives it.</summary>
    public int Assigned => self?.ReplicaOf ?? 0;

    /// <summary>All shards that there are.</summary>
    public int Shards => report.Shards.Count(shard => shard.Shard > 0);

    /// <summary>How many replicas shards have now, in words.</summary>
    public string Replication
    {
        get
        {
            var counts = report.Shards.Where(shard => shard.Shard > 0).Select(shard => shard.Voters.Count).ToList();
            var words = counts.Min() == counts.Max() ? $"{counts.Min()}" : $"{counts.Min()} to {counts.Max()}";
            return words == "1" ? "1 replica" : words + " replicas";
        }
    }

    /// <summary>Shards in which it votes.</summary>
    public int Votes => held.Count(shard => shard.Shard > 0 && shard.Voters.Contains(member));

    /// <summary>Groups that still count on it, with or without a vote, the control plane's too.</summary>
    public int Held => held.Count;

    /// <summary>Whether it has its share: the table is balanced (no two members differ by more than one), and it votes in all that the table gives it.</summary>
    public bool HasItsShare
    {
        get
        {
            var up = report.Members.Where(known => known is { Status: "up", Reachable: true }).Select(known => known.ReplicaOf).ToList();
            return self is { Status: "up", Reachable: true } && up.Max() - up.Min() <= 1 && Votes == Assigned && held.Count(shard => shard.Shard > 0) == Votes;
        }
    }

    /// <summary>The shards that it is still in, with who else is, for people: what hangs when nothing moves any more.</summary>
    public IEnumerable<string> Describe(int most)
    {
        foreach (var shard in held.Take(most))
        {
            var learners = shard.Learners.Count == 0 ? "" : $", learning: {string.Join(", ", shard.Learners)}";
            yield return $"{(shard.Shard == 0 ? "control plane" : $"s{shard.Shard}")}: led by {shard.Leader ?? "nobody"}, voting: {string.Join(", ", shard.Voters)}{learners}";
        }

        if (held.Count > most)
        {
            yield return $"and {held.Count - most} more";
        }

        foreach (var silent in report.Members.Where(known => known is { Reachable: false } && known.Name != member))
        {
            yield return $"{silent.Name} cannot be reached ({silent.Process ?? "elsewhere"})";
        }
    }
}
