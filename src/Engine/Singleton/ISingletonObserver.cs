namespace Cluster.Engine.Singleton;

/// <summary>Told which singletons a node runs, in its manager's turn: the simulator's judge. It changes nothing.</summary>
internal interface ISingletonObserver
{
    /// <summary>One runs here from now on; it may act for as long as the lease holds on this node's clock.</summary>
    void Begins(string name, ulong epoch, SingletonLease lease);

    /// <summary>It has stopped.</summary>
    void Ends(string name);
}
