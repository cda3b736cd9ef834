using Cluster.Lab.Http;
using Cluster.Shared.Files;

namespace Cluster.Lab.Targets;

/// <summary>
/// A running cluster as those see it who use it and break it from outside: nodes with addresses, that can be killed, paused, cut off and started again.
/// What a node runs in (a process here, a container, a machine elsewhere) is the implementation's affair; a verb, a measurement or a lab knows only this.
/// </summary>
public abstract partial class ClusterTarget(TimeProvider time)
{
    private static readonly TimeSpan StatePollInterval = TimeSpan.FromMilliseconds(5);

    public abstract string Name { get; }

    public abstract IReadOnlyList<ClusterFileNode> Nodes { get; }

    public IReadOnlyList<string> NodeNames => [.. Nodes.Select(node => node.Name)];

    /// <summary>The name of <see cref="Database"/> for every step on a process, as if it were a node's.</summary>
    public const string DatabaseName = "database";

    /// <summary>The database that the nodes share, where this console reaches it; null: there is none, or somebody else runs it.</summary>
    public virtual IClusterDatabase? Database => null;

    /// <summary>Which of its nodes form which cluster, where several stand side by side.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Clusters => [.. Nodes.GroupBy(node => node.Cluster).Select(cluster => (IReadOnlyList<string>)[.. cluster.Select(node => node.Name)])];

    protected TimeProvider Time { get; } = time;

    public ClusterFileNode Node(string name) => Nodes.FirstOrDefault(node => node.Name == name)
        ?? throw new LabException($"there is no node '{name}'; the nodes are {string.Join(", ", NodeNames)}");

    /// <summary>What the node runs in, in words: <c>process 4711</c>, <c>container deploy_n1_1</c>.</summary>
    public abstract string Describe(string name);

    /// <summary>The node's HTTP interface, with the admin token if it is known.</summary>
    public abstract NodeApi Api(string name, TimeSpan timeout);

    public abstract Task<ProcessState> StateAsync(string name, CancellationToken cancellation);

    /// <summary>SIGKILL: no goodbye, nothing flushed. False if it was dead already.</summary>
    public abstract Task<bool> KillAsync(string name, CancellationToken cancellation);

    /// <summary>Stops it where it stands; it holds its connections. False if it is dead.</summary>
    public abstract Task<bool> PauseAsync(string name, CancellationToken cancellation);

    /// <summary>Lets it go on. False if it is dead.</summary>
    public abstract Task<bool> ResumeAsync(string name, CancellationToken cancellation);

    /// <summary>Ends it in order (SIGTERM), by force if it does not listen. It stays a member; its data stays.</summary>
    /// <exception cref="LabException">It does not end even by force.</exception>
    public abstract Task TerminateAsync(string name, CancellationToken cancellation);

    /// <summary>Starts the node again on its data; if it still runs it is ended by SIGKILL first. Does not wait until it is ready.</summary>
    /// <param name="fresh">Delete its data first, so that it joins as a new member.</param>
    public abstract Task RestartAsync(string name, CancellationToken cancellation, bool fresh = false);

    /// <summary>False: it has left in order, and has nothing to come back on. Where nobody can look, it is taken to have.</summary>
    public virtual bool HasData(string name) => true;

    /// <summary>Deletes the data of a node that does not run.</summary>
    public abstract Task DeleteDataAsync(string name, CancellationToken cancellation);

    /// <summary>Whether this console stands where the nodes run: it can end, stop and start them.</summary>
    public virtual bool ReachesProcesses => true;

    /// <summary>Until what it gives is disposed, nobody but this console starts a node again that has ended. Where something watches over nodes, it is told not to.</summary>
    public virtual Task<IAsyncDisposable?> HoldRestartsAsync(CancellationToken cancellation) => Task.FromResult<IAsyncDisposable?>(null);

    /// <summary>Whether a node can be taken off the network as a whole.</summary>
    public virtual bool HasNetworkOfItsOwn => false;

    /// <summary>Takes the node off the network: peers and clients lose it alike, and no connection is closed. Only where nodes have networks of their own.</summary>
    /// <exception cref="LabException">These nodes have none.</exception>
    public virtual Task DisconnectAsync(string name, CancellationToken cancellation) =>
        throw new LabException($"{Describe(name)} has no network of its own to be taken off; without --network, 'lab isolate' cuts its links to the other nodes");

    /// <summary>Puts those of the nodes that were taken off the network back on it, possibly with another address.</summary>
    /// <returns>The nodes that had been off.</returns>
    public virtual Task<IReadOnlyList<string>> ReconnectAsync(IReadOnlyList<string> names, CancellationToken cancellation) => Task.FromResult<IReadOnlyList<string>>([]);

    /// <summary>Whether it makes sense to ask the node: a dead one refuses, a paused one takes the connection and keeps silent.</summary>
    public async Task<bool> MayAnswerAsync(string name, CancellationToken cancellation) =>
        await StateAsync(name, cancellation).ConfigureAwait(false) is ProcessState.Running or ProcessState.Unknown;

    /// <summary>Nodes that may answer, in order.</summary>
    public async Task<IReadOnlyList<string>> RunningAsync(CancellationToken cancellation)
    {
        var running = new List<string>();
        foreach (var name in NodeNames)
        {
            if (await MayAnswerAsync(name, cancellation).ConfigureAwait(false))
            {
                running.Add(name);
            }
        }

        return running;
    }

    /// <summary>Returns once the node's process is in that state; false: not at the deadline.</summary>
    public async Task<bool> WaitForAsync(string name, ProcessState goal, TimeSpan deadline, CancellationToken cancellation)
    {
        var start = Time.GetTimestamp();
        while (await StateAsync(name, cancellation).ConfigureAwait(false) != goal)
        {
            if (Time.GetElapsedTime(start) > deadline)
            {
                return false;
            }

            await Task.Delay(StatePollInterval, Time, cancellation).ConfigureAwait(false);
        }

        return true;
    }

    /// <summary>The last lines of what the node printed: what it said before it died.</summary>
    public abstract Task<IReadOnlyList<string>> LastLogLinesAsync(string name, int count, CancellationToken cancellation);

    /// <summary>Where its log is to be read.</summary>
    protected abstract string LogOf(string name);
}
