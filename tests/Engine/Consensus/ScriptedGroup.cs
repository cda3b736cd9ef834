using System.Text;
using Cluster.Engine.Consensus;
using Cluster.Shared.Ids;
using Cluster.Shared.Wire;
using Google.Protobuf;

namespace Cluster.Engine.Tests.Consensus;

/// <summary>A group whose clock and network a test holds in its hands: nothing moves unless it says so, everything is written down as text.</summary>
internal sealed class ScriptedGroup
{
    private readonly SortedDictionary<uint, ScriptedReplica> replicas = [];
    private readonly List<RaftMessage> wire = [];
    private readonly StringBuilder trace = new();

    /// <summary>Messages that it names are lost.</summary>
    public Func<RaftMessage, bool> Loses { get; set; } = _ => false;

    public Func<uint, string> Name { get; set; } = node => $"n{node}";

    public Func<RaftMessage, bool> Traces { get; set; } = _ => true;

    public TimeSpan Now { get; private set; } = TimeSpan.FromSeconds(1);

    public string Trace => trace.ToString();

    public IReadOnlyList<RaftMessage> Wire => wire;

    public ScriptedReplica this[uint node] => replicas[node];

    public ScriptedReplica Leader => replicas.Values.Where(r => r.IsUp && r.Core.Role == RaftRole.Leader).MaxBy(r => r.Core.CurrentTerm)
        ?? throw new InvalidOperationException("nobody leads");

    public IEnumerable<ScriptedReplica> Replicas => replicas.Values;

    public static RaftConfiguration Voters(params uint[] nodes) => RaftConfiguration.Of(nodes.Select(n => new NodeId(n)));

    /// <summary>A founded group whose node 1 has won its first election.</summary>
    public static ScriptedGroup Elected(uint size = 3, RaftOptions? options = null)
    {
        var group = Founded(size, options);
        group[1].Core.Campaign(group.Now);
        group.Settle();
        return group;
    }

    public static ScriptedGroup Founded(uint size, RaftOptions? options = null)
    {
        var group = new ScriptedGroup();
        var voters = Voters([.. Enumerable.Range(1, (int)size).Select(n => (uint)n)]);
        for (var node = 1u; node <= size; node++)
        {
            group.Add(node, RaftRecovery.Founded(voters), options);
        }

        return group;
    }

    public ScriptedReplica Add(uint node, RaftRecovery start, RaftOptions? options = null)
    {
        var replica = new ScriptedReplica(this, new NodeId(node), options ?? RaftOptions.Default, start);
        replicas.Add(node, replica);
        return replica;
    }

    public void Say(string line) => trace.Append(line).Append('\n');

    public void Post(IReadOnlyList<RaftMessage> messages) => wire.AddRange(messages);

    /// <summary>Puts a message in by hand.</summary>
    public void Inject(RaftMessage message) => wire.Add(message);

    /// <summary>Lets everything that is due now happen, until nothing moves.</summary>
    public void Settle()
    {
        for (var turns = 0; turns < 10_000; turns++)
        {
            var moved = false;
            foreach (var replica in replicas.Values)
            {
                moved |= replica.Drain();
            }

            if (!moved && wire.Count == 0)
            {
                return;
            }

            DeliverAll();
        }

        throw new InvalidOperationException("the group does not come to rest:\n" + Trace);
    }

    public void DrainAll()
    {
        foreach (var replica in replicas.Values)
        {
            replica.Drain();
        }
    }

    public void DeliverAll() => Deliver(_ => true);

    /// <summary>Delivers those of the waiting messages, in order, without what they cause.</summary>
    public void Deliver(Func<RaftMessage, bool> which)
    {
        foreach (var message in wire.Where(which).ToArray())
        {
            wire.Remove(message);
            var lost = Loses(message) || !replicas[message.To].IsUp;
            if (Traces(message))
            {
                Say($"  {TraceText.Of(message, Name)}{(lost ? "   (lost)" : string.Empty)}");
            }

            if (!lost)
            {
                // Through bytes, as on a network: no replica shares an object with another.
                replicas[message.To].Core.Step(Now, RaftMessage.Parser.ParseFrom(message.ToByteArray()));
            }
        }
    }

    public void DropAll() => wire.Clear();

    /// <summary>Time passes, in steps small enough for every timer.</summary>
    public void Elapse(int milliseconds)
    {
        for (var passed = 0; passed < milliseconds; passed += 5)
        {
            Now += TimeSpan.FromMilliseconds(5);
            foreach (var replica in replicas.Values.Where(r => r.IsUp))
            {
                replica.Core.Tick(Now);
            }

            Settle();
        }
    }

    /// <summary>Only the clock moves: nobody ticks, as if every process were stopped.</summary>
    public void Freeze(int milliseconds) => Now += TimeSpan.FromMilliseconds(milliseconds);

    public ProposeResult Propose(uint node, string text) => this[node].Core.Propose(Now, ByteString.CopyFromUtf8(text));

    public ProposeResult Change(ConfigurationChangeKind kind, uint node) => Leader.Core.ProposeConfiguration(Now, new ConfigurationChange(kind, new NodeId(node)));

    /// <summary>No message passes between the two sides.</summary>
    public void Partition(uint[] side, uint[] other) =>
        Loses = m => (side.Contains(m.From) && other.Contains(m.To)) || (other.Contains(m.From) && side.Contains(m.To));

    public void Heal() => Loses = _ => false;
}
