using System.Globalization;
using Cluster.Engine.Remoting;
using Cluster.Engine.Remoting.Recording;
using Cluster.Shared.Ids;

namespace Cluster.Engine.Simulation;

/// <summary>
/// A network inside one process: transports of several nodes whose frames travel, encoded, through a scheduler and a clock that the caller owns. Whatever
/// happens on it happens inside a posted action, one at a time, so the same seed and the same posts give the same run. One thread at a time, as with the clock.
/// </summary>
public sealed class LoopbackNetwork
{
    private readonly Dictionary<NodeAddress, LoopbackTransport> nodes = [];
    private readonly HashSet<(NodeAddress From, NodeAddress To)> cuts = [];
    private readonly HashSet<ITimer> timers = [];
    private readonly TimeProvider clock;
    private readonly Action<Action> post;
    private readonly Func<NodeAddress, NodeAddress, TimeSpan>? latency;
    private long sessions;

    /// <param name="post">Runs an action later: actions must run one at a time, in the order in which they were posted.</param>
    /// <param name="latency">How long a frame takes from one node to another, asked for each frame; frames of a lane keep their order all the same. Null: no time.</param>
    public LoopbackNetwork(TimeProvider clock, Action<Action> post, Func<NodeAddress, NodeAddress, TimeSpan>? latency = null)
    {
        (this.clock, this.post, this.latency) = (clock, post, latency);
    }

    internal TimeProvider Clock => clock;

    /// <summary>Told each frame that arrives and each that vanishes in a cut; null where nobody asks.</summary>
    internal RunTrace? Trace { get; init; }

    /// <summary>Told what a frame's handler threw: its node, and the exception.</summary>
    internal Action<NodeAddress, Exception>? HandlerFailed { get; init; }

    /// <summary>Makes a node's transport. A node that crashed, or was disposed, may be made again at its address.</summary>
    /// <param name="random">For the jitter of dials and the dice of link faults.</param>
    /// <param name="recorder">Goes on with the records of the node's earlier lives; null: records of this one alone.</param>
    /// <exception cref="InvalidOperationException">A living node has that address.</exception>
    public LoopbackTransport Add(LocalNode local, RemotingOptions options, Random random, MessageRecorder? recorder = null)
    {
        var transport = new LoopbackTransport(this, local, options.Validate(), random, recorder ?? new MessageRecorder(local.Identity.Name, clock, new RecordingOptions()));
        if (!nodes.TryAdd(local.Identity.Address, transport))
        {
            throw new InvalidOperationException($"{nodes[local.Identity.Address].LocalNode} has the address {local.Identity.Address} already");
        }

        return transport;
    }

    /// <summary>Cuts the way from one node to another: frames vanish, handshakes between the two fail.</summary>
    public void Cut(NodeAddress from, NodeAddress to)
    {
        cuts.Add((from, to));
    }

    /// <summary>Cuts both ways between every node of one side and every node of the other.</summary>
    public void Partition(IReadOnlyList<NodeAddress> one, IReadOnlyList<NodeAddress> other)
    {
        foreach (var here in one)
        {
            foreach (var there in other)
            {
                Cut(here, there);
                Cut(there, here);
            }
        }
    }

    /// <summary>Ends every cut.</summary>
    public void Heal()
    {
        cuts.Clear();
    }

    /// <summary>
    /// Kills a node: it hears and sends nothing more, and what it had under way is lost. Peers that it can still reach see their links reset; those behind a cut learn
    /// nothing until they send after the cut is healed.
    /// </summary>
    public void Crash(NodeAddress address)
    {
        NodeAt(address)?.Stop("the connection was reset");
    }

    /// <summary>A name for a session that no other one has.</summary>
    internal string NextSession() => (++sessions).ToString(CultureInfo.InvariantCulture);

    internal bool IsCut(NodeAddress from, NodeAddress to) => cuts.Count > 0 && cuts.Contains((from, to));

    internal LoopbackTransport? NodeAt(NodeAddress address) => nodes.GetValueOrDefault(address);

    internal void Remove(LoopbackTransport transport)
    {
        if (nodes.GetValueOrDefault(transport.LocalAddress) == transport)
        {
            nodes.Remove(transport.LocalAddress);
        }
    }

    internal TimeSpan Latency(NodeAddress from, NodeAddress to) => latency?.Invoke(from, to) ?? TimeSpan.Zero;

    internal void Post(Action action) => post(action);

    /// <summary>Posts an action once that time has passed.</summary>
    internal void After(TimeSpan wait, Action action)
    {
        if (wait <= TimeSpan.Zero)
        {
            post(action);
            return;
        }

        ITimer? timer = null;
        timer = clock.CreateTimer(
            _ =>
            {
                timers.Remove(timer!);
                timer!.Dispose();
                post(action);
            },
            null,
            wait,
            Timeout.InfiniteTimeSpan);
        timers.Add(timer);
    }
}
