using Cluster.Engine.Remoting;
using Cluster.Shared.Certificates;
using Cluster.Shared.Ids;

namespace Cluster.Engine.Tests.Remoting;

/// <summary>Where nodes of one kind of transport live during a test.</summary>
public abstract class TransportWorld : IAsyncDisposable
{
    /// <summary>Small waits, so that tests are quick; bounds are the defaults.</summary>
    public static readonly RemotingOptions Quick = new()
    {
        BackOffMin = TimeSpan.FromMilliseconds(10),
        BackOffMax = TimeSpan.FromMilliseconds(100),
        HandshakeTimeout = TimeSpan.FromMilliseconds(500),
        CloseTimeout = TimeSpan.FromMilliseconds(200),
    };

    /// <summary>The world's time.</summary>
    public abstract TimeProvider Clock { get; }

    /// <summary>Starts a node that listens on every channel.</summary>
    public Task<TestNode> AddAsync(string name, ulong incarnation = 1) => AddAsync(new NodeSetup(name) { Incarnation = incarnation });

    public abstract Task<TestNode> AddAsync(NodeSetup setup);

    /// <summary>Ends a node as a killed process ends.</summary>
    public abstract Task KillAsync(TestNode node);

    /// <summary>An address where nobody listens.</summary>
    public abstract Task<NodeAddress> DeadAddressAsync();

    /// <summary>An address that takes a connection and never says a word.</summary>
    public abstract NodeAddress SilentAddress();

    /// <summary>Lets the world go on until the condition holds; fails with <paramref name="what"/> when it does not within ten seconds of the world's time.</summary>
    public abstract Task UntilAsync(Func<bool> condition, string what);

    /// <summary>Lets the world go on for that much of its time.</summary>
    public abstract Task PassAsync(TimeSpan time);

    public abstract ValueTask DisposeAsync();

    /// <summary>Links two nodes and waits for both to see it.</summary>
    public async Task LinkAsync(TestNode one, TestNode other)
    {
        one.Transport.Connect(other.Address);
        await UntilAsync(() => one.IsLinkedTo(other.Address) && other.IsLinkedTo(one.Address), "the link is up on both sides");
    }

    public sealed record NodeSetup(string Name)
    {
        public ulong Incarnation { get; init; } = 1;
        public string Cluster { get; init; } = "lab";
        public Guid? Uid { get; init; }

        /// <summary>Where it listens; null for anywhere.</summary>
        public NodeAddress? At { get; init; }

        /// <summary>What it says its address is; null for the truth.</summary>
        public NodeAddress? Claims { get; init; }
        public IHandshakePolicy? Policy { get; init; }
        public RemotingOptions Options { get; init; } = Quick;
        /// <summary>Makes its certificate where the world has an authority; null for the right one.</summary>
        public Func<CertificateAuthority, IssuedCertificate>? Certificate { get; init; }

        /// <summary>The authority that it trusts, as PEM; null for the world's.</summary>
        public string? Trusts { get; init; }

        /// <summary>How late its clock is, as certificates are judged by it.</summary>
        public TimeSpan Late { get; init; }

        /// <summary>Speaks plaintext where the world is secure, and TLS where it is not.</summary>
        public bool Contrary { get; init; }
        public Channel[] Deaf { get; init; } = [];

        /// <summary>Registers more on the transport, before it starts.</summary>
        public Action<ITransport>? Wire { get; init; }

        public LocalNode LocalNode(NodeAddress address) =>
            new(Cluster, new PeerIdentity(NodeName.Parse(Name), address, NodeId.None, new Incarnation(Incarnation), Uid ?? UidOf(Name)));

        // A node's uid stays with its name across restarts unless a test says otherwise.
        private static Guid UidOf(string name)
        {
            var bytes = new byte[16];
            System.Text.Encoding.ASCII.GetBytes(name, bytes);
            return new Guid(bytes);
        }
    }
}
