namespace Cluster.Client.Verbs;

/// <summary>The member commands, named as pbm names them: show, leave, down.</summary>
internal sealed class ClusterVerb : Verb
{
    public ClusterVerb()
        : base("cluster", "Members: show, leave, down")
    {
        Add(new ClusterShowVerb());
        Add(new ClusterLeaveVerb());
        Add(new ClusterDownVerb());
    }

    public override IReadOnlyList<string> Examples => ["lab cluster show --all-views", "lab cluster leave n3", "lab cluster down n3"];
}
