using System.Net;
using System.Net.Sockets;
using Cluster.Node.Options;
using Cluster.Node.Resp.Redirection;
using Cluster.Node.Tests.Support;
using Cluster.Shared.KeyValue;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Cluster.Node.Tests.Options;

/// <summary>A port that is taken, an address that is not here: one line that names the port, what it was for, and the option.</summary>
public sealed class BindFailureTests
{
    [Theory]
    [InlineData(true, "the Redis protocol", "--resp-port")]
    [InlineData(false, "HTTP", "--http-port")]
    public async Task A_port_in_use_is_named_with_its_purpose_and_option(bool resp, string purpose, string option)
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        var options = new NodeOptions { HttpPort = resp ? 0 : port, RespPort = resp ? port : 0 };
        var error = await StartAsync(options);
        Assert.Equal($"port {port} ({purpose}) is in use on 127.0.0.1: stop what listens there, or choose another one with {option}", BindFailure.Explain(error, options));
    }

    [Fact]
    public async Task An_address_of_another_machine_is_named()
    {
        var options = new NodeOptions { Ip = "192.0.2.1", HttpPort = 0, RespPort = 0 };
        Assert.Contains("192.0.2.1 is not an address of this machine", BindFailure.Explain(await StartAsync(options), options), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_not_about_a_port_is_not_explained() => Assert.Null(BindFailure.Explain(new InvalidOperationException("other"), new NodeOptions()));

    private static async Task<Exception> StartAsync(NodeOptions options)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<IKeyValueClient>(new FakeStore(TimeProvider.System));
        builder.Services.AddSingleton<IClusterMap>(new FakeMap());
        builder.Services.AddSingleton<Cluster.Node.Http.INodeStatus>(new FakeStatus());
        builder.Services.AddSingleton<Cluster.Modes.Hosting.IModeDoors>(new FakeModes());
        builder.Services.AddSingleton<Cluster.Engine.Port.IPubSub, LonePubSub>();
        builder.AddFrontDoors(options);
        await using var app = builder.Build();
        app.MapFrontDoors();
        return (await Record.ExceptionAsync(() => app.StartAsync()))!;
    }
}
