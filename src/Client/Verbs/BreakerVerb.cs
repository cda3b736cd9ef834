namespace Cluster.Client.Verbs;

/// <summary>The client proxies of every node: their circuit breakers, opened and closed by hand, and the dependencies behind them.</summary>
internal sealed class BreakerVerb : Verb
{
    public BreakerVerb()
        : base("breaker", "Circuit breakers of the nodes' client proxies: show, trip, reset; make a dependency slow or failing")
    {
        Add(new BreakerShowVerb());
        Add(new BreakerHandVerb("trip", "Open a breaker until it is reset", "lab breaker trip n1", "lab breaker trip n1 --at n2"));
        Add(new BreakerHandVerb("reset", "Close a breaker, and let it forget what it has counted", "lab breaker reset n1", "lab breaker reset n1 --at n2"));
        Add(new BreakerHealthVerb());
    }

    public override IReadOnlyList<string> Examples => ["lab breaker show --watch", "lab breaker health n1 slow", "lab breaker trip n1", "lab breaker reset n1"];
}
