namespace Cluster.Engine.Port;

/// <summary>Actors of which the whole cluster has one. Each acts under an epoch; never do two act at once, as far as clocks keep their bound.</summary>
public interface IClusterSingleton
{
    /// <summary>
    /// Offers this node as a place for the singleton, and gives the way to it. It starts on the oldest node that offers, stays there, and moves when that
    /// node leaves or is out of touch. Asked again for the same name, only the way is given.
    /// </summary>
    /// <param name="name">1 to 64 of letters, digits, '-', '_' and '.'.</param>
    /// <param name="props">Called for each start here: a new life under the epoch that it is given.</param>
    /// <param name="role">A node without this role does not offer itself, and only gets the way; null for any node.</param>
    /// <exception cref="ArgumentException">The name is not allowed.</exception>
    IActorRef Start(string name, Func<SingletonContext, Props> props, string? role = null);

    /// <summary>The way to a singleton, wherever it lives: messages wait here, up to a bound, while it is nowhere or moves.</summary>
    /// <exception cref="ArgumentException">The name is not allowed.</exception>
    IActorRef Proxy(string name);
}
