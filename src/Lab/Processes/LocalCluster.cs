using Cluster.Lab.Http;
using Cluster.Lab.Targets;
using Cluster.Shared.Files;

namespace Cluster.Lab.Processes;

/// <summary>
/// A cluster of node processes on this machine: starts them, breaks them, stops them. All that is known of it stands in its directory, so any later
/// console finds it again. Signals go only to processes that this directory's nodes are.
/// </summary>
public sealed partial class LocalCluster : ClusterTarget
{
    private readonly LaunchPlan plan;
    private readonly ProgramBinary? binary;
    private ClusterFile file;

    private LocalCluster(LabDirectory directory, LaunchPlan plan, ClusterFile file, ProgramBinary? binary, TimeProvider time)
        : base(time)
    {
        Directory = directory;
        this.plan = plan;
        this.file = file;
        this.binary = binary;
    }

    public LabDirectory Directory { get; }

    public override string Name => file.Name;

    public override IReadOnlyList<ClusterFileNode> Nodes => file.Nodes;

    /// <exception cref="LabException">No cluster was started in this directory.</exception>
    public static LocalCluster Open(string path, TimeProvider time)
    {
        var directory = new LabDirectory(path);
        var file = directory.ReadCluster();
        return new LocalCluster(directory, directory.ReadPlan(), file, null, time);
    }

    public NodeProcess Process(string name) => new(Node(name).Pid, Directory.DataOf(name));

    public override NodeApi Api(string name, TimeSpan timeout) => new(Node(name), timeout, Directory.ReadToken());

    public override string Describe(string name) => DatabaseOf(name)?.Description ?? $"process {Node(name).Pid}";

    public override Task<ProcessState> StateAsync(string name, CancellationToken cancellation) => Task.FromResult(DatabaseOf(name)?.State ?? Process(name).State);

    public override Task<bool> KillAsync(string name, CancellationToken cancellation) => DatabaseOf(name)?.KillAsync(cancellation) ?? Task.FromResult(Process(name).Kill());

    public override Task<bool> PauseAsync(string name, CancellationToken cancellation) => Task.FromResult(DatabaseOf(name)?.Pause() ?? Process(name).Pause());

    public override Task<bool> ResumeAsync(string name, CancellationToken cancellation) => Task.FromResult(DatabaseOf(name)?.Resume() ?? Process(name).Resume());

    public override bool HasData(string name) => Directory.HasData(name);

    public override Task DeleteDataAsync(string name, CancellationToken cancellation)
    {
        Directory.DeleteData([name]);
        return Task.CompletedTask;
    }

    public override Task<IReadOnlyList<string>> LastLogLinesAsync(string name, int count, CancellationToken cancellation) => Task.FromResult(DatabaseOf(name)?.LastLogLines(count) ?? Directory.LastLogLines(name, count));

    protected override string LogOf(string name) => DatabaseOf(name) is null ? Directory.LogOf(name) : Directory.PostgresLogPath;

    private IClusterDatabase? DatabaseOf(string name) => name == DatabaseName ? Database : null;
}
