using System.Diagnostics.Metrics;
using Cluster.Engine.Remoting.Tls;
using Cluster.Node.Options;
using Cluster.Shared.Certificates;

namespace Cluster.Node.Security;

/// <summary>
/// The certificates of one node: for its links, and for each front door that speaks TLS, with its own or with those of the links. Read at start, followed when their
/// files change, and measured: <c>cluster.tls.certificate_days_left</c>.
/// </summary>
internal sealed class NodeCertificates : IDisposable
{
    private readonly Meter meter;
    private readonly Dictionary<CertificatePaths, CertificateSource> sources = [];
    private readonly List<(string Use, CertificateSource Source)> uses = [];

    private NodeCertificates(NodeOptions options, TimeProvider time)
    {
        meter = new Meter(new MeterOptions("Cluster.Node.Tls") { Scope = options });
        meter.CreateObservableGauge(
            "cluster.tls.certificate_days_left",
            () => uses.Select(use => new Measurement<double>(use.Source.Left.TotalDays, new KeyValuePair<string, object?>("use", use.Use))),
            description: "Days until the certificate expires; negative once it has.");
        if (options.LinkCertificates is { } links)
        {
            Links = new LinkSecurity(Use("links", links, new CertificateIdentity(options.Cluster, CertificateRole.Node, options.Name.ToString()), time));
        }

        Http = options.HttpCertificates is { } http ? new DoorSecurity(Use("http", http, null, time), time) : null;
        Resp = options.RespCertificates is { } resp ? new DoorSecurity(Use("resp", resp, null, time), time) : null;
    }

    /// <summary>Null: plaintext.</summary>
    public LinkSecurity? Links { get; }

    /// <summary>Null: plaintext.</summary>
    public DoorSecurity? Http { get; }

    /// <summary>Null: plaintext.</summary>
    public DoorSecurity? Resp { get; }

    /// <exception cref="CertificateException">Certificates that were asked for cannot be used.</exception>
    public static NodeCertificates Open(NodeOptions options, TimeProvider time) => new(options, time);

    /// <summary>From now on what concerns the certificates stands in the log, beginning with what is to be said of them at start.</summary>
    public void LogTo(ILogger log)
    {
        foreach (var source in sources.Values)
        {
            source.Say = words => log.LogInformation("tls: {Words}", words);
            source.Warn = words => log.LogWarning("tls: {Words}", words);
            foreach (var warning in source.Current.Warnings)
            {
                source.Warn(warning);
            }

            source.Look();
        }
    }

    public void Dispose()
    {
        meter.Dispose();
        foreach (var source in sources.Values)
        {
            source.Dispose();
        }
    }

    /// <summary>One source for one set of files, so that a rotation is noticed once; the first use says whose certificate it must be.</summary>
    private CertificateSource Use(string use, CertificatePaths paths, CertificateIdentity? mustBe, TimeProvider time)
    {
        if (!sources.TryGetValue(paths, out var source))
        {
            sources.Add(paths, source = new CertificateSource(paths, mustBe, time));
        }

        uses.Add((use, source));
        return source;
    }
}
