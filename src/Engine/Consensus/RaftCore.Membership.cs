using System.Globalization;
using Cluster.Shared.Ids;
using Cluster.Shared.Wire;
using Google.Protobuf;

namespace Cluster.Engine.Consensus;

/// <summary>Single-server membership changes (thesis 4): a configuration counts from when it is appended, and no longer when it is truncated.</summary>
public sealed partial class RaftCore
{
    /// <summary>By rising index: the newest counts, the older ones are what a truncation falls back to. The first needs no entry in the log.</summary>
    private readonly List<(LogIndex Index, RaftConfiguration Configuration)> configurations = [];

    /// <summary>The newest configuration in the log, committed or not.</summary>
    public RaftConfiguration Configuration => configurations[^1].Configuration;

    /// <summary>Where the newest configuration stands in the log; what the group began with stands at 0.</summary>
    public LogIndex ConfigurationIndex => configurations[^1].Index;

    /// <summary>Whether the newest configuration may still be rolled back.</summary>
    public bool IsConfigurationPending => configurations[^1].Index > commit;

    /// <summary>Puts the next configuration into the log; it counts at once. One at a time, and refused where it would endanger the group.</summary>
    public ProposeResult ProposeConfiguration(TimeSpan now, ConfigurationChange change)
    {
        Advance(now);
        if (RefusalToPropose(size: 0) is { } refusal)
        {
            return refusal;
        }

        if (IsConfigurationPending)
        {
            return ProposeResult.Refused(ProposeOutcome.NotYet, $"the configuration at {configurations[^1].Index} is not committed yet: one change at a time");
        }

        // A new leader's configuration may be one that its predecessor never committed; two uncommitted single steps from one base
        // need not overlap. Committing an own entry first settles it (Ongaro, raft-dev, July 2015).
        if (commit < termStart)
        {
            return ProposeResult.Refused(ProposeOutcome.NotYet, $"this leader has not committed an entry of term {term} yet");
        }

        if (!Configuration.TryApply(change, out var next, out var fault))
        {
            return ProposeResult.Refused(ProposeOutcome.Invalid, fault);
        }

        if (DangerOf(change, next) is { } danger)
        {
            return ProposeResult.Refused(ProposeOutcome.Unsafe, danger);
        }

        var index = AppendOwn(EntryKind.Configuration, next.ToWire().ToByteString());
        AdoptConfiguration(index, next);
        return ProposeResult.At(index, term);
    }

    /// <summary>Why that configuration could not commit anything, or would wait for a replica that is far behind.</summary>
    private string? DangerOf(ConfigurationChange change, RaftConfiguration next)
    {
        if (change.Kind == ConfigurationChangeKind.PromoteLearner)
        {
            var learner = PeerOf(change.Node);
            var lag = log.LastIndex.Value - (learner?.Match.Value ?? 0);
            if (learner is not { State: ReplicationState.Replicate } || !IsAlive(learner) || lag > (ulong)options.PromotionLag)
            {
                return string.Create(CultureInfo.InvariantCulture, $"{change.Node} is {lag} entries behind or silent: promote it when it has caught up to {options.PromotionLag}");
            }
        }

        if (change.Kind == ConfigurationChangeKind.AddLearner)
        {
            return null;
        }

        var alive = next.IsVoter(Self) ? 1 : 0;
        foreach (var peer in peers)
        {
            alive += next.IsVoter(peer.Id) && IsAlive(peer) ? 1 : 0;
        }

        return alive < next.Majority
            ? string.Create(CultureInfo.InvariantCulture, $"only {alive} of the voters {next} answer, {next.Majority} are needed: bring a silent one back, or remove it, first")
            : null;
    }

    private bool IsAlive(Peer peer) => clock - peer.LastContact <= options.QuorumTimeout;

    private void AdoptConfiguration(Entry entry)
    {
        if (!RaftConfiguration.TryParse(entry.Data, out var configuration))
        {
            throw new InvariantViolated("configurations in the log are valid", $"{Group} on {Self}: entry {entry.Index} of term {entry.Term}");
        }

        AdoptConfiguration(new LogIndex(entry.Index), configuration);
    }

    private void AdoptConfiguration(LogIndex index, RaftConfiguration configuration)
    {
        configurations.Add((index, configuration));
        Event(new ConfigurationChanged(term, index, configuration));
        RebuildPeers();
    }

    private void RollBackConfigurations(LogIndex from)
    {
        var kept = configurations.Count;
        while (kept > 1 && configurations[kept - 1].Index >= from)
        {
            kept--;
        }

        if (kept < configurations.Count)
        {
            configurations.RemoveRange(kept, configurations.Count - kept);
            Event(new ConfigurationChanged(term, configurations[^1].Index, Configuration));
            RebuildPeers();
        }
    }

    private void RestartConfigurations(LogIndex index, RaftConfiguration configuration)
    {
        configurations.Clear();
        configurations.Add((index, configuration));
    }

    private RaftConfiguration ConfigurationAsOf(LogIndex index)
    {
        var at = configurations.Count - 1;
        while (at > 0 && configurations[at].Index > index)
        {
            at--;
        }

        return configurations[at].Configuration;
    }

    /// <summary>Peers that stay keep their progress and votes.</summary>
    private void RebuildPeers()
    {
        var configuration = Configuration;
        var rebuilt = new List<Peer>(configuration.Voters.Length + configuration.Learners.Length);
        foreach (var node in configuration.Voters.AddRange(configuration.Learners).Sort())
        {
            if (node != Self)
            {
                var peer = PeerOf(node) ?? NewPeer(node);
                peer.IsVoter = configuration.IsVoter(node);
                rebuilt.Add(peer);
            }
        }

        peers = [.. rebuilt];
        if (role == RaftRole.Leader)
        {
            ForgetLease();
        }
    }

    private Peer NewPeer(NodeId node)
    {
        var peer = new Peer(node, options);
        peer.BeginTerm(log.LastIndex.Next, clock);
        return peer;
    }

    /// <summary>A leader that its own configuration leaves out goes once that is committed (thesis 4.2.2), naming its successor.</summary>
    private void LeaveWhenRemoved()
    {
        if (!IsConfigurationPending && !Configuration.IsVoter(Self))
        {
            HandOverAndStepDown("it is no voter any more");
        }
    }
}
