namespace Cluster.Client.Verbs;

/// <summary>Orders as sagas: begin one, watch its steps, see which are under way.</summary>
internal sealed class SagaVerb : Verb
{
    public SagaVerb()
        : base("saga", "Orders as sagas: begin one, watch its steps, list those under way")
    {
        Add(new SagaStartVerb());
        Add(new SagaShowVerb());
        Add(new SagaListVerb());
    }

    public override IReadOnlyList<string> Examples => ["lab saga start --id o1 --pace 2s", "lab saga show o1 --watch", "lab saga list"];
}
