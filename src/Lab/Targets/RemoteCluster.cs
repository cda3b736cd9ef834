using Cluster.Lab.Http;
using Cluster.Shared.Files;

namespace Cluster.Lab.Targets;

/// <summary>
/// A cluster that is reached over the network only, from one address of it: the first node that answers names the others. Links can be broken with the admin
/// token; processes cannot, since this console stands outside of where they run.
/// </summary>
public sealed class RemoteCluster : ClusterTarget
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly string? adminToken;

    private RemoteCluster(string name, IReadOnlyList<ClusterFileNode> nodes, string? adminToken, TimeProvider time)
        : base(time)
    {
        Name = name;
        Nodes = nodes;
        this.adminToken = adminToken;
    }

    public override string Name { get; }

    public override IReadOnlyList<ClusterFileNode> Nodes { get; }

    public override bool ReachesProcesses => false;

    /// <param name="doors">HTTP addresses of some nodes.</param>
    /// <exception cref="LabException">None of them answers.</exception>
    public static async Task<RemoteCluster> OpenAsync(IReadOnlyList<string> doors, string? adminToken, TimeProvider time, CancellationToken cancellation)
    {
        foreach (var door in doors)
        {
            using var api = new NodeApi(door, Patience, adminToken);
            try
            {
                var view = await api.GetClusterAsync(cancellation).ConfigureAwait(false);
                if (view.Members.Count > 0)
                {
                    return new RemoteCluster(view.Name, [.. view.Members.OrderBy(member => member.Node).Select(member => new ClusterFileNode(member.Name, 0, member.Address, AddressOf(member.Http ?? member.Address), member.Resp ?? ""))], adminToken, time);
                }
            }
            catch (Exception e) when ((NodeApi.IsNoAnswer(e) || e is NodeRefusedException) && !cancellation.IsCancellationRequested)
            {
                // The next one may answer.
            }
        }

        throw new LabException($"no node of a cluster answers at {string.Join(", ", doors)}");
    }

    public override string Describe(string name) => "at " + Node(name).Remoting;

    public override NodeApi Api(string name, TimeSpan timeout) => new(Node(name).Http, timeout, adminToken);

    public override Task<ProcessState> StateAsync(string name, CancellationToken cancellation) => Task.FromResult(ProcessState.Unknown);

    public override Task<bool> KillAsync(string name, CancellationToken cancellation) => throw OutOfReach("killed");

    public override Task<bool> PauseAsync(string name, CancellationToken cancellation) => throw OutOfReach("paused");

    public override Task<bool> ResumeAsync(string name, CancellationToken cancellation) => throw OutOfReach("resumed");

    public override Task TerminateAsync(string name, CancellationToken cancellation) => throw OutOfReach("stopped");

    public override Task RestartAsync(string name, CancellationToken cancellation, bool fresh = false) => throw OutOfReach("started");

    public override Task DeleteDataAsync(string name, CancellationToken cancellation) => throw OutOfReach("emptied");

    public override Task<IReadOnlyList<string>> LastLogLinesAsync(string name, int count, CancellationToken cancellation) => Task.FromResult<IReadOnlyList<string>>([]);

    protected override string LogOf(string name) => $"on the machine of {name}";

    /// <summary>A node tells its door with the scheme; one of an earlier version told host and port alone. Where no door is known, its remoting stands there: it does not answer, as a node whose door is not known.</summary>
    internal static string AddressOf(string door) => door.Contains("://", StringComparison.Ordinal) ? door : "http://" + door;

    private static LabException OutOfReach(string what) =>
        new($"this console reaches the cluster over the network only: nodes can be {what} where they run (a compose cluster: --target compose, on the machine of its Docker engine)");
}
