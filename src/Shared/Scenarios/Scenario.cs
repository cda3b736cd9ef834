namespace Cluster.Shared.Scenarios;

/// <summary>
/// A mode's lab as data, the same for every backend: cluster, workloads, faults, and what is promised. It says nothing about how any of it is done, so it can be
/// run in the simulator, on processes and on containers, and read by those who cannot see the mode's code.
/// </summary>
/// <param name="Slug">The mode's.</param>
/// <param name="Title">A headline.</param>
/// <param name="Question">What the lab asks, in a sentence or two.</param>
public sealed record Scenario(string Slug, string Title, string Question)
{
    public int Nodes { get; init; } = 3;

    /// <summary>Into how many clusters the nodes are divided, in their order: each whole, with a control plane of its own, and federated with the others.</summary>
    public int Clusters { get; init; } = 1;

    /// <summary>Whether what is promised is about just so many nodes, as where each node is to have a copy of everything; else simulations also play it on more.</summary>
    public bool HasFixedNodes { get; init; }

    /// <summary>Where it can be played: everywhere, unless it needs what a backend has not.</summary>
    public IReadOnlyList<ScenarioBackend> Backends { get; init; } = Enum.GetValues<ScenarioBackend>();

    /// <summary>Whether its nodes need a PostgreSQL, which faults may strike as <c>database</c>.</summary>
    public bool NeedsPostgres { get; init; }

    /// <summary>Shards of the cluster; null for the node's usual number.</summary>
    public int? Shards { get; init; }

    /// <summary>How long the clients work under faults where nobody says otherwise: long enough for what is to be seen.</summary>
    public TimeSpan Span { get; init; } = TimeSpan.FromSeconds(15);

    public IReadOnlyList<ScenarioWorkload> Workloads { get; init; } = [];

    public FaultMix Faults { get; init; } = FaultMix.None;

    /// <summary>What the mode promises under these faults, a line each: the guarantee card's first half.</summary>
    public IReadOnlyList<string> Promised { get; init; } = [];

    /// <summary>What it does not, a line each: the second half.</summary>
    public IReadOnlyList<string> NotPromised { get; init; } = [];

    /// <summary>A run with fewer answers than that shows nothing, and its verdict is unknown. For each second that the clients work.</summary>
    public int AnsweredPerSecondMin { get; init; } = 5;

    /// <summary>Once everything is healed, how long until every node serves again.</summary>
    public TimeSpan RecoversWithin { get; init; } = TimeSpan.FromSeconds(30);

    public IReadOnlyList<BrokenVariant> Bugs { get; init; } = [];

    /// <summary>The scenario with that bug in it, in the circumstances in which it shows.</summary>
    public Scenario With(BrokenVariant bug) => this with
    {
        Title = $"{Title}, broken: {bug.Name}",
        Nodes = bug.Nodes ?? Nodes,
        Shards = bug.Shards ?? Shards,
        Faults = bug.Faults ?? Faults,
        Workloads = bug.Workloads ?? Workloads,
    };
}
