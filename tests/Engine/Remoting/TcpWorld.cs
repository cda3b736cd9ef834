using System.Net;
using System.Net.Sockets;
using Cluster.Engine.Remoting.Tcp;
using Cluster.Shared.Ids;
using Microsoft.Extensions.Logging.Abstractions;

namespace Cluster.Engine.Tests.Remoting;

/// <summary>Real sockets on loopback, ports chosen by the system.</summary>
/// <param name="secure">Whether links are mutual TLS, with certificates made for the test.</param>
public sealed class TcpWorld(bool secure = false) : TransportWorld
{
    private readonly TestCertificates certificates = new();
    private readonly List<(TestNode Node, StandaloneListener Listener)> nodes = [];
    private readonly List<Socket> silent = [];

    public override TimeProvider Clock => TimeProvider.System;

    public RecordedLog Log { get; } = new();

    public TestCertificates Certificates => certificates;

    public override async Task<TestNode> AddAsync(NodeSetup setup)
    {
        var at = setup.At ?? new NodeAddress("127.0.0.1", 0);
        var listener = await StandaloneListener.BindAsync(new IPEndPoint(IPAddress.Parse(at.Host), at.Port), NullLoggerFactory.Instance);
        var transport = new TcpTransport(setup.LocalNode(setup.Claims ?? listener.Address), setup.Options, TimeProvider.System, new Random(7), Log.For<TcpTransport>(), secure != setup.Contrary ? certificates.SecurityOf(setup) : null);
        var node = new TestNode { Transport = transport };
        node.Listen(setup.Deaf);
        if (setup.Policy is { } policy)
        {
            transport.UsePolicy(policy);
        }

        setup.Wire?.Invoke(transport);
        await transport.StartAsync();
        listener.Serve(transport);
        nodes.Add((node, listener));
        return node;
    }

    public override async Task KillAsync(TestNode node)
    {
        var index = nodes.FindIndex(entry => entry.Node == node);
        var (_, listener) = nodes[index];
        nodes.RemoveAt(index);
        await node.Transport.DisposeAsync();
        await listener.DisposeAsync();
    }

    public override async Task<NodeAddress> DeadAddressAsync()
    {
        var listener = await StandaloneListener.BindAsync(new IPEndPoint(IPAddress.Loopback, 0), NullLoggerFactory.Instance);
        await listener.DisposeAsync();
        return listener.Address;
    }

    public override NodeAddress SilentAddress()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        socket.Listen(16);
        silent.Add(socket);
        return new NodeAddress("127.0.0.1", ((IPEndPoint)socket.LocalEndPoint!).Port);
    }

    public override async Task UntilAsync(Func<bool> condition, string what)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(started) < TimeSpan.FromSeconds(10), $"not within 10 s: {what}\n{string.Join('\n', Log.Lines.TakeLast(20))}");
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System);
        }
    }

    public override Task PassAsync(TimeSpan time) => Task.Delay(time, TimeProvider.System);

    public override async ValueTask DisposeAsync()
    {
        foreach (var (node, _) in nodes.ToArray())
        {
            await KillAsync(node);
        }

        silent.ForEach(socket => socket.Dispose());
        certificates.Dispose();
    }
}
