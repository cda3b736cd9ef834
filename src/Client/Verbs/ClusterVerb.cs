namespace Cluster.Client.Verbs;

/// <summary>What concerns the cluster as a whole; the member commands are named as pbm names them: show, leave, down.</summary>
internal sealed class ClusterVerb : Verb
{
    public ClusterVerb()
        : base("cluster", "The cluster as a whole: members, events, what is wrong, what will move")
    {
        Add(new ClusterShowVerb());
        Add(new ClusterLeaveVerb());
        Add(new ClusterDownVerb());
        Add(new ClusterEventsVerb());
        Add(new ClusterDoctorVerb());
        Add(new ClusterRebalanceVerb());
    }

    public override IReadOnlyList<string> Examples => ["lab cluster show --all-views", "lab cluster leave n3", "lab cluster down n3", "lab cluster events --follow", "lab cluster doctor", "lab cluster rebalance --dry-run"];
}
