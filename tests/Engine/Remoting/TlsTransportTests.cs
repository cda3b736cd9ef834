using Cluster.Engine.Remoting;
using Cluster.Shared.Certificates;

namespace Cluster.Engine.Tests.Remoting;

/// <summary>Who is kept out by mutual TLS, and that both logs say why.</summary>
public sealed class TlsTransportTests : IDisposable
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    private readonly CertificateAuthority other = CertificateAuthority.Create("lab", TestCertificates.Now, Day);

    public void Dispose() => other.Dispose();

    [Fact]
    public Task A_plaintext_node_is_refused_by_a_secured_one() =>
        AssertKeptOutAsync(new TransportWorld.NodeSetup("n2") { Contrary = true }, "it speaks plaintext, and this node requires TLS", "it speaks plaintext, and this node requires TLS: start it with --tls-cert");

    [Fact]
    public Task A_certificate_of_another_authority_is_refused() => AssertKeptOutAsync(
        new TransportWorld.NodeSetup("n2") { Certificate = _ => other.Issue(TestCertificates.NodeOf("lab", "n2"), [], TestCertificates.Now, Day), Trusts = other.CertificatePem },
        "which is none of this cluster's authorities",
        "which is none of this cluster's authorities");

    [Fact]
    public Task An_expired_certificate_is_refused() => AssertKeptOutAsync(
        new TransportWorld.NodeSetup("n2") { Certificate = ca => ca.Issue(TestCertificates.NodeOf("lab", "n2"), [], TestCertificates.Now - (9 * Day), TestCertificates.Now - (2 * Day)), Late = 3 * Day },
        "it expired on",
        "it expired on");

    [Fact]
    public Task A_certificate_of_tomorrow_is_refused() => AssertKeptOutAsync(
        new TransportWorld.NodeSetup("n2") { Certificate = ca => ca.Issue(TestCertificates.NodeOf("lab", "n2"), [], TestCertificates.Now + Day, TestCertificates.Now + (3 * Day)), Late = -2 * Day },
        "it is not good before",
        "check the clocks");

    [Fact]
    public Task A_node_cannot_speak_as_another_one() => AssertKeptOutAsync(
        new TransportWorld.NodeSetup("n3") { Certificate = ca => ca.Issue(TestCertificates.NodeOf("lab", "n2"), [], TestCertificates.Now, Day) },
        "its certificate is that of cluster://lab/node/n2, so it cannot speak as node 'n3' of cluster 'lab'",
        "so it cannot speak as node 'n3'");

    [Fact]
    public Task A_clients_certificate_makes_no_node() => AssertKeptOutAsync(
        new TransportWorld.NodeSetup("n2") { Certificate = ca => ca.Issue(new CertificateIdentity("lab", CertificateRole.Client, "n2"), [], TestCertificates.Now, Day) },
        "certificate",
        "only a node's may join");

    [Fact]
    public async Task The_same_node_dialled_and_dialling_is_refused_both_ways()
    {
        // The one with the wrong certificate is dialled: the dialler must find out.
        await using var world = new TcpWorld(secure: true);
        var one = await world.AddAsync("n1");
        var wrong = await world.AddAsync(new TransportWorld.NodeSetup("n3") { Certificate = ca => ca.Issue(TestCertificates.NodeOf("lab", "n2"), [], TestCertificates.Now, Day) });
        one.Transport.Connect(wrong.Address);
        await world.UntilAsync(() => one.Events.OfType<LinkDown>().Any(down => down.Cause == LinkDownCause.Refused), "the dialler refuses it");
        Assert.DoesNotContain("LinkUp", one.Story.Concat(wrong.Story));
        Assert.Empty(one.Events.OfType<HandshakeRefused>());
    }

    [Fact]
    public async Task Changed_certificates_are_taken_up_while_running_and_unusable_ones_are_not()
    {
        await using var world = new TcpWorld(secure: true);
        using var source = new CertificateSource(world.Certificates.Write("turn", world.Certificates.Issue("n9")), TestCertificates.NodeOf("lab", "n9"), TimeProvider.System);
        var before = source.Current;
        List<string> said = [];
        source.Say = said.Add;
        source.Warn = said.Add;
        source.Look();
        Assert.Same(before, source.Current);
        world.Certificates.Write("turn", world.Certificates.Issue("n8"));
        source.Look();
        Assert.Same(before, source.Current);
        Assert.Contains("cannot be used, the ones before stay in use", Assert.Single(said), StringComparison.Ordinal);
        world.Certificates.Write("turn", world.Certificates.Issue("n9", days: 3.5));
        source.Look();
        Assert.NotEqual(before.Certificate.Thumbprint, source.Current.Certificate.Thumbprint);
        Assert.Contains("new certificates are in use", said[1], StringComparison.Ordinal);
        Assert.Contains("may be read by every user", said[2], StringComparison.Ordinal);
        Assert.Contains("in 3.5 days", said[3], StringComparison.Ordinal);
    }

    /// <summary>A good cluster of two stands; that node knocks; both logs say why it stays out, and the two go on.</summary>
    private static async Task AssertKeptOutAsync(TransportWorld.NodeSetup setup, string saidByIt, string saidToIt)
    {
        await using var world = new TcpWorld(secure: true);
        var (one, four) = (await world.AddAsync("n1"), await world.AddAsync("n4"));
        await world.LinkAsync(one, four);
        var stranger = await world.AddAsync(setup);
        stranger.SendTo(one, 1);
        one.SendTo(stranger, 2);
        await world.UntilAsync(() => stranger.Events.OfType<LinkDown>().Any() && one.LinkTo(stranger.Address).LastError is not null, "both are told that the link is down");
        await world.UntilAsync(() => world.Log.Lines.Any(line => line.StartsWith("Warning", StringComparison.Ordinal) && line.Contains(saidByIt, StringComparison.Ordinal)), "the log says " + saidByIt);
        await world.UntilAsync(() => world.Log.Lines.Any(line => line.StartsWith("Warning", StringComparison.Ordinal) && line.Contains(saidToIt, StringComparison.Ordinal)), "the log says " + saidToIt);
        Assert.Empty(stranger.Events.OfType<LinkUp>());
        Assert.Equal(0, stranger.Count);
        one.SendTo(four, 7);
        await world.UntilAsync(() => four.Count == 1, "the others go on");
        Assert.Equal(0, one.Count);
        Assert.DoesNotContain(one.Events.OfType<LinkUp>(), up => up.Address == stranger.Address);
    }
}
