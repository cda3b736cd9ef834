using System.Globalization;
using Cluster.Engine.ControlPlane;
using Cluster.Shared.Http;
using Cluster.Shared.Wire;

namespace Cluster.Engine.Diagnosis;

internal sealed partial class ClusterDoctor
{
    private void LookAtMembers()
    {
        foreach (var member in View.Members)
        {
            switch (member.Status)
            {
                case MemberStatus.Joining:
                    Find(
                        FindingSeverity.Note,
                        "member-joining",
                        Name(member.Node),
                        facts.IsReachable(member.Node)
                            ? $"{member.Name} is joining: the control plane's leader makes it up when it has heard it"
                            : $"{member.Name} is joining, and cannot be reached from {facts.Name}",
                        facts.IsReachable(member.Node) ? "nothing" : $"see whether its process runs, and whether others can connect to {member.Address}");
                    break;
                case MemberStatus.Leaving:
                    LookAtLeaver(member);
                    break;
                case MemberStatus.Exiting:
                    Find(FindingSeverity.Note, "member-exiting", Name(member.Node), $"{member.Name} holds nothing any more, and its process still runs", "stop its process; it is removed then");
                    break;
                case MemberStatus.Down:
                    Find(
                        FindingSeverity.Warning,
                        "member-down",
                        Name(member.Node),
                        $"{member.Name} is declared down; {Held(member)}",
                        "nothing: others take its replicas, then it is removed; start it on an empty data directory to have it back as a new member");
                    break;
                default:
                    LookAtSilence(member);
                    break;
            }
        }

        var up = View.Members.Count(member => member.IsUp);
        if (up is 1 or 2 && View.Settings.ReplicationFactor > 2)
        {
            Find(
                FindingSeverity.Note,
                "few-members",
                "cluster",
                string.Create(CultureInfo.InvariantCulture, $"with {up} of {View.Settings.ReplicationFactor} members up, the loss of {(up == 1 ? "it is the loss of all" : "one stops every shard")}"),
                "add nodes with 'lab add'; replicas follow by themselves");
        }
    }

    private void LookAtLeaver(ControlMember member)
    {
        var silent = View.Members.Where(other => other.IsUp && !facts.IsReachable(other.Node)).Select(other => other.Node).ToArray();
        Find(
            silent.Length == 0 ? FindingSeverity.Note : FindingSeverity.Warning,
            "member-leaving",
            Name(member.Node),
            $"{member.Name} is leaving; {Held(member)}{(silent.Length == 0 ? "" : $"; {Names(silent)} cannot be reached, and may be needed to take them")}",
            silent.Length == 0 ? "nothing: it exits when others hold everything" : WhatToDoFor([.. silent]));
    }

    private string Held(ControlMember member)
    {
        var named = View.Shards.Where(shard => shard.Replicas.Contains(member.Node)).Select(shard => shard.Shard.ToString()).ToArray();
        var counting = facts.Reports.GroupsThatMayHold(View, member);
        return named.Length > 0
            ? string.Create(CultureInfo.InvariantCulture, $"it still has to hand over {named.Length} replicas ({List(named)})")
            : counting > 0
                ? string.Create(CultureInfo.InvariantCulture, $"the table names it no more, but {counting} shards have not said yet that they do without it")
                : "no shard counts on it any more";
    }

    private void LookAtSilence(ControlMember member)
    {
        if (facts.IsReachable(member.Node))
        {
            return;
        }

        var replicas = View.ReplicaCount(member.Node);
        var then = facts.IsAbsent(member.Node)
            ? replicas > 0 ? "its replicas are being built on others, as far as others are there" : "others have its replicas by now"
            : facts.ReplaceAfter is { } after ? string.Create(CultureInfo.InvariantCulture, $"others take its replicas when it has been silent for {after.TotalSeconds:0} s") : "its replicas wait for it";
        Find(
            FindingSeverity.Warning,
            "member-unreachable",
            Name(member.Node),
            string.Create(CultureInfo.InvariantCulture, $"{member.Name} cannot be reached from {facts.Name}; the table names it for {replicas} shards; {then}"),
            $"start its process, or heal the link to {member.Address}; if it is gone for good: 'lab cluster down {member.Name}'");
    }
}
