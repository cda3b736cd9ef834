using Cluster.Lab.Http;
using Cluster.Lab.Targets;
using Cluster.Shared.Files;

namespace Cluster.Lab.Compose;

/// <summary>
/// A cluster whose nodes are the containers of a compose project: seen and broken through the Docker engine, and reached by the ports that it publishes.
/// Kill, pause and restart are the engine's own; faults on single links are the nodes' own, as everywhere, because a container network knows no pairs.
/// </summary>
public sealed partial class ComposeCluster : ClusterTarget, IDisposable
{
    private const string TokenVariable = "CLUSTER_ADMIN_TOKEN";

    /// <summary>A killed container is gone when the engine has taken its network down, which takes up to a second on a busy machine.</summary>
    private static readonly TimeSpan KillTimeout = TimeSpan.FromSeconds(20);

    private readonly DockerEngine engine;
    private readonly string project;
    private readonly IReadOnlyList<ComposeNode> nodes;

    private ComposeCluster(DockerEngine engine, string project, IReadOnlyList<ComposeNode> nodes, TimeProvider time)
        : base(time)
    {
        this.engine = engine;
        this.project = project;
        this.nodes = nodes;
        Nodes = [.. nodes.Select(node => node.Node)];
    }

    public override string Name => nodes[0].Cluster;

    public override IReadOnlyList<ClusterFileNode> Nodes { get; }

    /// <summary>Finds the project's nodes, running or not.</summary>
    /// <exception cref="LabException">No engine answers, or the project has no node.</exception>
    public static async Task<ComposeCluster> OpenAsync(string project, string composeFile, TimeProvider time, CancellationToken cancellation)
    {
        var engine = DockerEngine.Open();
        try
        {
            var found = new List<ComposeNode>();
            foreach (var entry in await engine.GetAsync($"/containers/json?all=true&{ComposeProject.Filter(project)}", DockerJson.Default.IReadOnlyListContainerEntry, cancellation).ConfigureAwait(false))
            {
                var details = await engine.GetAsync($"/containers/{entry.Id}/json", DockerJson.Default.ContainerDetails, cancellation).ConfigureAwait(false);
                if (ComposeNode.Read(details) is { } node)
                {
                    found.Add(node);
                }
            }

            found.Sort((one, other) => string.CompareOrdinal(one.Node.Name, other.Node.Name));
            return found.Count > 0
                ? new ComposeCluster(engine, project, found, time)
                : throw new LabException($"no container of compose project '{project}' is a node: start them with 'docker-compose -f {composeFile} up -d', or name another project with --project");
        }
        catch
        {
            engine.Dispose();
            throw;
        }
    }

    public override string Describe(string name) => "container " + Of(name).Container;

    public override NodeApi Api(string name, TimeSpan timeout) =>
        new(Node(name).Http, timeout, Environment.GetEnvironmentVariable(TokenVariable) is { Length: > 0 } given ? given : Of(name).AdminToken);

    public override async Task<ProcessState> StateAsync(string name, CancellationToken cancellation) =>
        ComposeNode.StateOf((await InspectAsync(name, cancellation).ConfigureAwait(false)).State);

    public override Task<bool> KillAsync(string name, CancellationToken cancellation) => engine.PostAsync($"/containers/{Of(name).Id}/kill?signal=KILL", cancellation);

    public override async Task<bool> PauseAsync(string name, CancellationToken cancellation) =>
        await engine.PostAsync($"/containers/{Of(name).Id}/pause", cancellation).ConfigureAwait(false) || await StateAsync(name, cancellation).ConfigureAwait(false) == ProcessState.Paused;

    public override async Task<bool> ResumeAsync(string name, CancellationToken cancellation)
    {
        var state = await StateAsync(name, cancellation).ConfigureAwait(false);
        return state == ProcessState.Running || (state == ProcessState.Paused && await engine.PostAsync($"/containers/{Of(name).Id}/unpause", cancellation).ConfigureAwait(false));
    }

    /// <summary>As <c>docker stop</c>: SIGTERM, and SIGKILL after the container's grace period.</summary>
    public override async Task TerminateAsync(string name, CancellationToken cancellation)
    {
        await ResumeAsync(name, cancellation).ConfigureAwait(false);
        await engine.PostAsync($"/containers/{Of(name).Id}/stop", cancellation).ConfigureAwait(false);
    }

    public override async Task RestartAsync(string name, CancellationToken cancellation, bool fresh = false)
    {
        await KillAsync(name, cancellation).ConfigureAwait(false);
        if (!await WaitForAsync(name, ProcessState.Dead, KillTimeout, cancellation).ConfigureAwait(false))
        {
            throw new LabException($"{name} ({Describe(name)}) does not end after SIGKILL");
        }

        if (fresh)
        {
            await DeleteDataAsync(name, cancellation).ConfigureAwait(false);
        }

        await engine.PostAsync($"/containers/{Of(name).Id}/start", cancellation).ConfigureAwait(false);
    }

    protected override string LogOf(string name) => $"'docker logs {Of(name).Container}'";

    private ComposeNode Of(string name) => nodes.FirstOrDefault(node => node.Node.Name == name) ?? throw new LabException($"there is no node '{name}'; the nodes are {string.Join(", ", NodeNames)}");

    private Task<ContainerDetails> InspectAsync(string name, CancellationToken cancellation) =>
        engine.GetAsync($"/containers/{Of(name).Id}/json", DockerJson.Default.ContainerDetails, cancellation);

    public void Dispose() => engine.Dispose();
}
