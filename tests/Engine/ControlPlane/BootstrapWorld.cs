using System.Text;
using Cluster.Engine.ControlPlane;
using Cluster.Shared.Ids;
using Cluster.Shared.Wire;

namespace Cluster.Engine.Tests.ControlPlane;

/// <summary>
/// A few starting nodes and everything under way between them, as one state that can be copied and gone on from in every possible way: any message next, any
/// node's time next, a crash, a restart. Each node has its own time, so messages may take as long as they like. A cluster's leader is the node that formed it.
/// </summary>
internal sealed class BootstrapWorld
{
    private readonly Node[] nodes;
    private readonly List<Packet> packets = [];
    private int crashesLeft;

    public BootstrapWorld(NodeAddress[][] seedLists, int crashes)
    {
        crashesLeft = crashes;
        nodes = [.. seedLists.Select((seeds, index) => new Node(
            new BootstrapOptions { ClusterName = "lab", Self = Address(index), Seeds = [.. seeds] }, BootstrapIdentity.Fresh))];
    }

    private BootstrapWorld(BootstrapWorld other)
    {
        nodes = [.. other.nodes.Select(node => new Node(node))];
        packets.AddRange(other.packets);
        (crashesLeft, ClustersFormed) = (other.crashesLeft, other.ClustersFormed);
    }

    public static NodeAddress Address(int index) => new("h", index + 1);

    public int ClustersFormed { get; private set; }

    public bool AllAreMembersOfOne => nodes.All(node => node.IsUp && node.Core.State.Phase == BootstrapPhase.Member) && nodes.Select(node => node.Disk.ClusterId).Distinct().Count() == 1;

    public bool AnyRefused => nodes.Any(node => node.Core.State.Phase == BootstrapPhase.Refused);

    public BootstrapWorld Copy() => new(this);

    /// <summary>Everything that can happen next.</summary>
    /// <param name="wiped">Whether a crash loses the disk too.</param>
    public List<Action<BootstrapWorld>> Choices(bool withCrashes, bool wiped = false)
    {
        var choices = new List<Action<BootstrapWorld>>();
        for (var i = 0; i < packets.Count; i++)
        {
            var packet = i;
            choices.Add(world => world.Deliver(packet));
        }

        for (var i = 0; i < nodes.Length; i++)
        {
            var index = i;
            var node = nodes[i];
            if (node.IsUp && node.Core.State.Phase == BootstrapPhase.Forming)
            {
                choices.Add(world => world.Form(index));
            }

            if (node.IsUp && node.Core.NextTick is not null)
            {
                choices.Add(world => world.PassTime(index));
            }

            if (!node.IsUp)
            {
                choices.Add(world => world.Start(index));
            }
            else if (withCrashes && crashesLeft > 0)
            {
                choices.Add(world => world.Crash(index, wiped));
            }
        }

        return choices;
    }

    /// <summary>Equal for two worlds that nothing to come can tell apart: times and round numbers are left out, only which answers still count is in.</summary>
    public string Fingerprint()
    {
        var text = new StringBuilder();
        text.Append(crashesLeft).Append('/').Append(ClustersFormed);
        foreach (var node in nodes)
        {
            var state = node.Core.State;
            text.Append('|').Append(node.IsUp ? 'u' : 'd').Append((int)state.Phase).Append(state.SawMember ? 's' : '-').Append(state.ClusterId).Append(node.Disk.ClusterId).Append(state.Hops).Append(state.Failed?.Port);
            if (state.Phase == BootstrapPhase.Asking)
            {
                foreach (var heard in state.Heard)
                {
                    text.Append(heard.IsOver ? 'o' : '.').Append((int)heard.Standing).Append(heard.ClusterId);
                }
            }
        }

        // What is under way has no order: the parts are sorted. All of it is current, so who waits and what for says everything.
        foreach (var packet in packets.Select(packet => packet.Fingerprint).Order(StringComparer.Ordinal))
        {
            text.Append(';').Append(packet);
        }

        return text.ToString();
    }

    private void PassTime(int index)
    {
        var node = nodes[index];
        node.Now = node.Core.NextTick!.Value > node.Now ? node.Core.NextTick.Value : node.Now;
        Perform(index, node.Core.Tick(node.Now));
        DropWhatNobodyWaitsFor();
    }

    private void Form(int index)
    {
        ClustersFormed++;
        var cluster = $"c{index}.{ClustersFormed}";
        nodes[index].Disk = new BootstrapIdentity(cluster, new NodeId(1));
        Perform(index, nodes[index].Core.Formed(cluster, new NodeId(1)));
    }

    private void Crash(int index, bool wiped)
    {
        crashesLeft--;
        nodes[index].IsUp = false;
        nodes[index].Disk = wiped ? BootstrapIdentity.Fresh : nodes[index].Disk;
        DropWhatNobodyWaitsFor();
    }

    private void Start(int index)
    {
        var node = nodes[index];
        (node.IsUp, node.Life, node.Core) = (true, node.Life + 1, new BootstrapCore(node.Options, node.Disk));
    }

    private void Deliver(int index)
    {
        var packet = packets[index];
        packets.RemoveAt(index);
        var node = nodes[packet.To];
        if (!node.IsUp)
        {
            return; // Lost; whoever waits for the answer gives it up in time.
        }

        if (packet.Answer is not null)
        {
            Perform(packet.To, node.Core.SeedAnswered(Address(packet.From), packet.Attempt, packet.Answer, node.Now));
        }
        else if (packet.Reply is not null)
        {
            Perform(packet.To, node.Core.JoinAnswered(packet.Attempt, packet.Reply, node.Now));
        }
        else
        {
            var answer = packet with { From = packet.To, To = packet.From };
            packets.Add(packet.Join ? answer with { Join = false, Reply = JoinAt(packet.To, packet.From) } : answer with { Answer = node.Core.Answer(QueryOf(packet.From)) });
        }

        DropWhatNobodyWaitsFor();
    }

    private SeedQuery QueryOf(int asker) => new()
    {
        ClusterName = "lab",
        FirstSeed = nodes[asker].Options.Seeds[0].ToString(),
        ClusterId = nodes[asker].Disk.ClusterId,
    };

    private JoinReply JoinAt(int index, int joiner)
    {
        var cluster = nodes[index].Disk.ClusterId;
        if (cluster.Length == 0)
        {
            return new JoinReply();
        }

        var leader = cluster[1] - '0';
        return leader == index
            ? new JoinReply { Reply = new ControlReply { ClusterId = cluster, Node = (uint)joiner + 1 } }
            : new JoinReply { LeaderAddress = Address(leader).ToString() };
    }

    private void Perform(int index, IReadOnlyList<BootstrapAction> actions)
    {
        foreach (var action in actions)
        {
            switch (action)
            {
                case ContactSeed contact:
                    packets.Add(new Packet(index, contact.Seed.Port - 1, nodes[index].Life, contact.Attempt, null, false, null));
                    break;
                case JoinVia join:
                    packets.Add(new Packet(index, join.Address.Port - 1, nodes[index].Life, join.Attempt, null, true, null));
                    break;
                case BecameMember member:
                    nodes[index].Disk = nodes[index].Disk.IsFresh ? new BootstrapIdentity(member.ClusterId, member.Node) : nodes[index].Disk;
                    break;
                default:
                    break;
            }
        }
    }

    /// <summary>Of what nobody waits for, nothing can come: a query and its answer change nothing but the asker, and a join that is repeated comes to the same.</summary>
    private void DropWhatNobodyWaitsFor() => packets.RemoveAll(packet => !IsCurrent(packet));

    private bool IsCurrent(Packet packet)
    {
        var waits = nodes[packet.Answer is null && packet.Reply is null ? packet.From : packet.To];
        return waits.IsUp && waits.Life == packet.Life && waits.Core.State.Attempt == packet.Attempt;
    }

    /// <summary>A query, an answer, a join or its reply. <paramref name="Life"/> and <paramref name="Attempt"/> are of whoever waits for the answer.</summary>
    private sealed record Packet(int From, int To, int Life, ulong Attempt, SeedAnswer? Answer, bool Join, JoinReply? Reply)
    {
        private string? fingerprint;

        public string Fingerprint => fingerprint ??=
            $"{From}{To}{(Join ? 'j' : 'q')}{(int?)Answer?.Standing}{Answer?.ClusterId}{Answer?.LeaderAddress}{Reply?.LeaderAddress}{Reply?.Reply?.ClusterId}";

        public override string ToString() => Fingerprint;

        /// <summary>A copy that is about to differ has its own fingerprint.</summary>
        public Packet(Packet other)
        {
            (From, To, Life, Attempt, Answer, Join, Reply) = (other.From, other.To, other.Life, other.Attempt, other.Answer, other.Join, other.Reply);
        }
    }

    private sealed class Node
    {
        public Node(BootstrapOptions options, BootstrapIdentity disk)
        {
            (Options, Disk, Core) = (options, disk, new BootstrapCore(options, disk));
        }

        public Node(Node other)
        {
            (Options, Disk, Life, IsUp, Now) = (other.Options, other.Disk, other.Life, other.IsUp, other.Now);
            Core = new BootstrapCore(other.Options, other.Core.State);
        }

        public BootstrapOptions Options { get; }

        public BootstrapIdentity Disk { get; set; }

        public BootstrapCore Core { get; set; }

        public int Life { get; set; }

        public bool IsUp { get; set; } = true;

        public TimeSpan Now { get; set; }
    }
}
