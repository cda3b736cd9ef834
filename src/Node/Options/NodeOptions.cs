using System.Net;
using Cluster.Engine.ControlPlane;
using Cluster.Engine.Federation;
using Cluster.Engine.Flaws;
using Cluster.Modes.Postgres;
using Cluster.Shared.Certificates;
using Cluster.Shared.Http;
using Cluster.Shared.Ids;

namespace Cluster.Node.Options;

/// <summary>
/// Everything a node process is told when it starts. Made by <see cref="NodeOptionsParser"/>, which guarantees that every value is in its range and that
/// what belongs together is there.
/// </summary>
public sealed record NodeOptions
{
    /// <summary>The node's name, kept in its data directory across restarts.</summary>
    public NodeName Name { get; init; } = NodeName.Parse("n1");

    /// <summary>The cluster it belongs to; nodes of another cluster are refused at the handshake.</summary>
    public string Cluster { get; init; } = "lab";

    /// <summary>IP address or host name that all three ports listen on. Loopback unless told otherwise: nothing here is safe on an open network.</summary>
    public string Ip { get; init; } = "127.0.0.1";

    /// <summary>Host by which other nodes and clients reach this one; null for <see cref="Ip"/>.</summary>
    public string? Advertise { get; init; }

    /// <summary>Remoting port.</summary>
    public int Port { get; init; } = 4053;

    /// <summary>HTTP port; 0 takes a free one.</summary>
    public int HttpPort { get; init; } = 8558;

    /// <summary>RESP (Redis protocol) port; 0 takes a free one.</summary>
    public int RespPort { get; init; } = 6379;

    /// <summary>Where Redis clients reach this node, if that is not <see cref="AdvertisedHost"/> with <see cref="RespPort"/>: behind a mapped port, for example.</summary>
    public NodeAddress? AdvertiseResp { get; init; }

    /// <summary>Whether Redis clients are sent to the node that leads a key's shard; else any node serves any key.</summary>
    public bool Redirect { get; init; }

    /// <summary>Where to ask for the cluster, this node's own address included if it is a seed itself. Never empty.</summary>
    public IReadOnlyList<NodeAddress> Seeds { get; init; } = [];

    /// <summary>Other clusters that this one is federated with; each is spoken to through its contacts, and none of its nodes becomes a member.</summary>
    public IReadOnlyList<FederatedCluster> Federated { get; init; } = [];

    /// <summary>Directory of the log, the snapshots and the node's identity; owned by one node at a time.</summary>
    public string DataDirectory { get; init; } = "data";

    /// <summary>Shards of a cluster that this node helps to form; an existing cluster keeps its own number.</summary>
    public int Shards { get; init; } = 32;

    /// <summary>How long a node must have been silent before its replicas are built again elsewhere; null for never. The same on every node.</summary>
    public TimeSpan? ReplaceAfter { get; init; } = new PlacementOptions().ReplaceAfter;

    /// <summary>The PostgreSQL that modes without a store of their own use; null: they say that there is none.</summary>
    public PostgresAddress? Postgres { get; init; }

    /// <summary>Connections that a mode takes of it.</summary>
    public int PostgresPool { get; init; } = new PostgresOptions().PoolSize;

    /// <summary>Whether faults and member changes may be asked for over HTTP (with the admin token).</summary>
    public bool Lab { get; init; }

    /// <summary>What the disk does wrong from the start on; nothing without <see cref="Lab"/>.</summary>
    public DiskFaultView DiskFaults { get; init; } = DiskFaultView.None;

    /// <summary>Bugs planted in this node on purpose; none without <see cref="Lab"/>.</summary>
    public IReadOnlyList<PlantedFlaw> Flaws { get; init; } = [];

    /// <summary>Bearer token of the admin endpoints; set whenever <see cref="Lab"/> is.</summary>
    public string? AdminToken { get; init; }

    /// <summary>Password that RESP clients must AUTH with; null for none.</summary>
    public string? RespPassword { get; init; }

    /// <summary>Bearer token of HTTP clients; null: what is not admin is open to all who reach the port.</summary>
    public string? ClientToken { get; init; }

    /// <summary>Certificates as PEM files, for links between nodes; all three are given or none.</summary>
    public string? TlsCert { get; init; }

    public string? TlsKey { get; init; }

    public string? TlsCa { get; init; }

    /// <summary>Whether the HTTP door speaks TLS, with certificates of its own or those of the links.</summary>
    public bool HttpTls { get; init; }

    public string? HttpTlsCert { get; init; }

    public string? HttpTlsKey { get; init; }

    /// <summary>Whether the RESP door speaks TLS, with certificates of its own or those of the links.</summary>
    public bool RespTls { get; init; }

    public string? RespTlsCert { get; init; }

    public string? RespTlsKey { get; init; }

    /// <summary>Where the certificates of the links are; null: links are plaintext.</summary>
    public CertificatePaths? LinkCertificates => TlsCert is { } cert && TlsKey is { } key && TlsCa is { } ca ? new CertificatePaths(cert, key, ca) : null;

    /// <summary>Where the certificates of the HTTP door are; null: it speaks plaintext.</summary>
    public CertificatePaths? HttpCertificates => Door(HttpTls, HttpTlsCert, HttpTlsKey);

    /// <summary>Where the certificates of the RESP door are; null: it speaks plaintext.</summary>
    public CertificatePaths? RespCertificates => Door(RespTls, RespTlsCert, RespTlsKey);

    /// <summary>Host that others reach this node by.</summary>
    public string AdvertisedHost => Advertise ?? Ip;

    /// <summary>This node's remoting address as others know it.</summary>
    public NodeAddress AdvertisedAddress => new(AdvertisedHost, Port);

    /// <summary>The address to listen on. A host name is looked up now, so that a name that moves is found anew at each start.</summary>
    /// <exception cref="System.Net.Sockets.SocketException">The name has no address; <see cref="BindFailure"/> explains it.</exception>
    public IPAddress ListenAddress()
    {
        if (IPAddress.TryParse(Ip, out var literal))
        {
            return literal;
        }

        return string.Equals(Ip, "localhost", StringComparison.OrdinalIgnoreCase) ? IPAddress.Loopback : Dns.GetHostAddresses(Ip)[0];
    }

    private CertificatePaths? Door(bool on, string? cert, string? key) =>
        !on ? null : cert is not null && key is not null ? new CertificatePaths(cert, key, null) : LinkCertificates;

    /// <summary>Keeps secrets out of logs.</summary>
    public override string ToString() => $"{Name} of {Cluster} at {AdvertisedAddress}, HTTP {HttpPort}, RESP {RespPort}, data in {DataDirectory}{(Lab ? ", lab" : "")}{(Flaws.Count > 0 ? ", flawed: " + string.Join(", ", Flaws) : "")}";
}
