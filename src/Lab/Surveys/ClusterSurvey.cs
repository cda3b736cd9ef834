using Cluster.Lab.Faults;
using Cluster.Lab.Http;
using Cluster.Lab.Targets;
using Cluster.Shared.Http;

namespace Cluster.Lab.Surveys;

/// <summary>
/// Asks every node at once what it sees, with a short patience: dead nodes refuse, paused ones never answer. The report is the view of the best
/// informed: ready before not ready, then the latest control-plane decision, so that a node cut off from the others is not believed first.
/// </summary>
public sealed class ClusterSurvey(ClusterTarget cluster)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    public async Task<StatusReport> AskAsync(bool allViews, CancellationToken cancellation)
    {
        var faults = new LinkFaultInjector(cluster, Patience).GetAsync(cancellation);
        var answers = await Task.WhenAll(cluster.NodeNames.Select(name => AskOneAsync(name, cancellation))).ConfigureAwait(false);
        var best = answers.Where(answer => answer.View is not null).Select(answer => answer.View!)
            .OrderByDescending(view => view.Ready).ThenByDescending(view => view.Epoch).ThenBy(view => view.Self, StringComparer.Ordinal).FirstOrDefault();
        var views = answers.Select(answer => ViewOf(answer.Name, answer.View, answer.NoAnswer)).ToList();
        return new StatusReport(
            cluster.Name,
            best?.Self,
            best?.ControlLeader,
            best?.Epoch ?? 0,
            Agree(views),
            Members(best, answers.ToDictionary(answer => answer.Name, answer => answer.State)),
            best is null ? [] : AsLeadersSee(best, [.. answers.Select(answer => answer.View).OfType<ClusterView>()]),
            [.. (await faults.ConfigureAwait(false)).SelectMany(node => node.Value.Select(fault => new LinkReport(node.Key, fault)))],
            allViews ? views : null)
        {
            Singletons = best?.Singletons ?? [],
        };
    }

    private async Task<Answer> AskOneAsync(string name, CancellationToken cancellation)
    {
        var state = await cluster.StateAsync(name, cancellation).ConfigureAwait(false);
        if (state is ProcessState.Paused or ProcessState.Dead)
        {
            return new Answer(name, state, null, state == ProcessState.Paused ? "paused" : "dead");
        }

        using var api = cluster.Api(name, Patience);
        try
        {
            return new Answer(name, state, await api.GetClusterAsync(cancellation).ConfigureAwait(false), null);
        }
        catch (Exception e) when ((NodeApi.IsNoAnswer(e) || e is NodeRefusedException) && !cancellation.IsCancellationRequested)
        {
            return new Answer(name, state, null, e is NodeRefusedException ? e.Message : $"no answer within {Patience.TotalSeconds:0} s");
        }
    }

    /// <summary>
    /// The best informed node's shards, each replaced by what its own leader says of it where that one answers: who votes and who learns is decided there, and
    /// a node without a replica does not hear of it.
    /// </summary>
    private static List<ShardView> AsLeadersSee(ClusterView best, IReadOnlyList<ClusterView> views)
    {
        var led = views.SelectMany(view => view.Shards.Where(shard => shard.Leader == view.Self && shard.Term > 0))
            .GroupBy(shard => shard.Shard)
            .ToDictionary(shards => shards.Key, shards => shards.MaxBy(shard => shard.Term)!);
        return [.. best.Shards.Select(shard => led.TryGetValue(shard.Shard, out var known) && known.Term >= shard.Term ? known : shard)];
    }

    private List<MemberReport> Members(ClusterView? view, Dictionary<string, ProcessState> states)
    {
        var members = view?.Members.ToDictionary(member => member.Name) ?? [];
        var reports = new List<MemberReport>();
        foreach (var node in cluster.Nodes)
        {
            members.Remove(node.Name, out var member);
            reports.Add(new MemberReport(
                node.Name, member?.Status, member?.Reachable, member?.Phi, member?.LeaderOf ?? 0, member?.ReplicaOf ?? 0, member?.Incarnation,
                node.Pid == 0 ? null : node.Pid, states[node.Name] == ProcessState.Unknown ? null : states[node.Name].ToString().ToLowerInvariant(), node.Remoting, node.Http, node.Resp));
        }

        // Members that this console did not start: from another machine, or another directory.
        reports.AddRange(members.Values.OrderBy(member => member.Name, StringComparer.Ordinal).Select(member => new MemberReport(
            member.Name, member.Status, member.Reachable, member.Phi, member.LeaderOf, member.ReplicaOf, member.Incarnation, null, null, member.Address, member.Http, member.Resp)));
        return reports;
    }

    private static ViewReport ViewOf(string name, ClusterView? view, string? noAnswer) => view is null
        ? new ViewReport(name, noAnswer, false, null, null, 0, [], new Dictionary<string, string?>())
        : new ViewReport(
            name, null, view.Ready, view.NotReadyBecause, view.ControlLeader, view.Epoch,
            [.. view.Members.Where(member => !member.Reachable && member.Name != name).Select(member => member.Name).Order(StringComparer.Ordinal)],
            view.Shards.Where(shard => shard.Shard != 0).ToDictionary(shard => shard.Shard.ToString(System.Globalization.CultureInfo.InvariantCulture), shard => shard.Leader));

    private static bool Agree(List<ViewReport> views)
    {
        var answered = views.Where(view => view.NoAnswer is null).ToList();
        return answered.Count == 0 || answered.TrueForAll(view =>
            view.ControlLeader == answered[0].ControlLeader
            && view.Unreachable.SequenceEqual(answered[0].Unreachable)
            && view.Leaders.Count == answered[0].Leaders.Count
            && view.Leaders.All(leader => answered[0].Leaders.TryGetValue(leader.Key, out var other) && other == leader.Value));
    }

    /// <param name="NoAnswer">Why there is no view; null when there is one.</param>
    private sealed record Answer(string Name, ProcessState State, ClusterView? View, string? NoAnswer);
}
