using Cluster.Engine.Actors;
using Cluster.Engine.ControlPlane;
using Cluster.Engine.Port;

namespace Cluster.Engine.Singleton;

/// <summary>The embedded engine's singletons on one node.</summary>
internal sealed class ClusterSingleton(ActorSystem system, SingletonServices services, SingletonOffers offers, IReadOnlyList<string> roles) : IClusterSingleton
{
    private readonly IActorRef manager = system.SystemActorOf(Props.Create(() => new SingletonManagerActor(services)), SingletonServices.ManagerName);
    private readonly Lock gate = new();
    private readonly SortedDictionary<string, IActorRef> proxies = new(StringComparer.Ordinal);

    public IActorRef Start(string name, Func<SingletonContext, Props> props, string? role = null)
    {
        ArgumentNullException.ThrowIfNull(props);
        var proxy = Proxy(name);
        if ((role is null || roles.Contains(role)) && offers.Add(name))
        {
            manager.Tell(new SingletonManagerActor.Offered(name, props));
        }

        return proxy;
    }

    public IActorRef Proxy(string name)
    {
        if (!ControlDecider.IsLabel(name))
        {
            throw new ArgumentException($"'{name}' is not a singleton's name: 1 to {ControlLimits.MaxNameLength} of letters, digits, '-', '_' and '.'", nameof(name));
        }

        lock (gate)
        {
            if (!proxies.TryGetValue(name, out var proxy))
            {
                proxies.Add(name, proxy = system.SystemActorOf(Props.Create(() => new SingletonProxyActor(name, services)), $"singleton-proxy-{name}"));
            }

            return proxy;
        }
    }
}
