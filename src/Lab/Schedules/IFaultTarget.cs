using Cluster.Shared.Http;
using Cluster.Shared.Scenarios;

namespace Cluster.Lab.Schedules;

/// <summary>
/// A cluster that a schedule breaks: processes, containers, or simulated nodes. Each step says whether it happened; nothing is retried here. Faults inside a node
/// (links, disk, clock) are gone when its process is.
/// </summary>
public interface IFaultTarget
{
    IReadOnlyList<string> NodeNames { get; }

    /// <summary>Which of them form which cluster.</summary>
    IReadOnlyList<IReadOnlyList<string>> Clusters => [NodeNames];

    /// <summary>What cannot be done here, with the reason; a schedule that asks for it is refused before it begins.</summary>
    IReadOnlyDictionary<FaultType, string> Unsupported { get; }

    /// <summary>Why no fault can strike a database; null: one can, and <see cref="FaultRole.Database"/> names it where a step on a process asks for a node.</summary>
    string? WhyNoDatabase { get; }

    /// <summary>False: it was dead already.</summary>
    /// <param name="losesUnflushed">As if the power went: what was written but not flushed is gone.</param>
    Task<bool> KillAsync(string node, bool losesUnflushed, CancellationToken cancellation);

    /// <summary>Starts a dead node on its data, without waiting until it serves.</summary>
    Task StartAsync(string node, CancellationToken cancellation);

    /// <summary>False: it is dead.</summary>
    Task<bool> PauseAsync(string node, CancellationToken cancellation);

    /// <summary>False: it is dead.</summary>
    Task<bool> ResumeAsync(string node, CancellationToken cancellation);

    /// <summary>Returns when it has left and its process has ended.</summary>
    /// <exception cref="LabException">It could not leave.</exception>
    Task LeaveAsync(string node, CancellationToken cancellation);

    /// <summary>Starts a node that has left, as a new member.</summary>
    Task RejoinAsync(string node, CancellationToken cancellation);

    /// <summary>Flips a bit of what a dead node's log keeps, with good records behind it.</summary>
    /// <param name="seed">Chooses which.</param>
    /// <exception cref="LabException">Nothing is written there yet.</exception>
    Task DamageAsync(string node, int seed, CancellationToken cancellation);

    /// <summary>Replaces a node whose log is damaged, as an operator does: it is started, and must refuse; then it is declared down, its disk emptied, and it joins as a new member.</summary>
    /// <exception cref="LabException">It started on the damage; or the cluster cannot let go of it now.</exception>
    Task ReplaceAsync(string node, CancellationToken cancellation);

    Task DisconnectAsync(string node, CancellationToken cancellation);

    Task ReconnectAsync(string node, CancellationToken cancellation);

    /// <summary>Whether its process is there and runs.</summary>
    Task<NodeLife> LifeAsync(string node, CancellationToken cancellation);

    /// <summary>False: the node could not be told.</summary>
    Task<bool> SetLinksAsync(string node, IReadOnlyList<LinkFaultView> faults, CancellationToken cancellation);

    /// <summary>False: the node could not be told.</summary>
    Task<bool> SetInsideAsync(string node, InsideFaults faults, CancellationToken cancellation);

    /// <summary>Looks which nodes have ended though nobody ended them, and no fault of their disk explains it; each is told once, with what it said last.</summary>
    Task<IReadOnlyDictionary<string, string>> EndedThemselvesAsync(CancellationToken cancellation);

    /// <summary>The node that leads most shards, or that a singleton is placed on, as those say who can be asked; null when nobody knows one.</summary>
    /// <param name="office">A role of which <see cref="FaultRole.IsOffice"/>.</param>
    Task<string?> FindHolderAsync(string office, CancellationToken cancellation);
}
