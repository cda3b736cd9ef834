using Cluster.Lab.Http;
using Cluster.Shared.Files;

namespace Cluster.Lab.Processes;

/// <summary>
/// A cluster of node processes on this machine: starts them, breaks them, stops them. All that is known of it stands in its directory, so any later
/// console finds it again. Signals go only to processes that this directory's nodes are.
/// </summary>
public sealed partial class LocalCluster
{
    private readonly TimeProvider time;
    private readonly LaunchPlan plan;
    private readonly NodeBinary? binary;
    private ClusterFile file;

    private LocalCluster(LabDirectory directory, LaunchPlan plan, ClusterFile file, NodeBinary? binary, TimeProvider time)
    {
        Directory = directory;
        this.plan = plan;
        this.file = file;
        this.binary = binary;
        this.time = time;
    }

    public LabDirectory Directory { get; }

    public string Name => file.Name;

    public IReadOnlyList<ClusterFileNode> Nodes => file.Nodes;

    public IReadOnlyList<string> NodeNames => [.. file.Nodes.Select(node => node.Name)];

    /// <exception cref="LabException">No cluster was started in this directory.</exception>
    public static LocalCluster Open(string path, TimeProvider time)
    {
        var directory = new LabDirectory(path);
        var file = directory.ReadCluster();
        return new LocalCluster(directory, directory.ReadPlan(), file, null, time);
    }

    public ClusterFileNode Node(string name) => file.Nodes.FirstOrDefault(node => node.Name == name)
        ?? throw new LabException($"there is no node '{name}'; the nodes are {string.Join(", ", NodeNames)}");

    public NodeProcess Process(string name) => new(Node(name).Pid, Directory.DataOf(name));

    public NodeApi Api(string name, TimeSpan timeout) => new(Node(name).Http, timeout, Directory.ReadToken());

    /// <summary>Nodes whose process takes requests, in order.</summary>
    public IReadOnlyList<string> Running() => [.. NodeNames.Where(name => Process(name).State == ProcessState.Running)];
}
