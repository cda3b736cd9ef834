using System.Net.Http.Headers;
using Cluster.Engine.Port;
using Cluster.Modes;
using Cluster.Modes.Hosting;
using Cluster.Node.Http;
using Cluster.Node.Options;
using Cluster.Node.Resp;
using Cluster.Node.Resp.Databases;
using Cluster.Node.Resp.Redirection;
using Cluster.Node.Security;
using Cluster.Node.Subscribers;
using Cluster.Shared.Ids;
using Cluster.Shared.KeyValue;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Cluster.Node.Tests.Support;

/// <summary>Real front doors on free ports of the loopback, over a fake store and a fake node.</summary>
internal sealed class Doors : IAsyncDisposable
{
    public const string Token = "0123456789abcdef-token";

    private readonly WebApplication app;

    private Doors(WebApplication app, FakeStore store, FakeMap map, FakeStatus status, FakeClock clock, FakeModes modes)
    {
        Modes = modes;
        Map = map;
        this.app = app;
        Store = store;
        Status = status;
        Clock = clock;
        Ports = app.Services.GetRequiredService<FrontDoorPorts>();
        Http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{Ports.Http.Port}"), Timeout = TimeSpan.FromSeconds(20) };
    }

    public FakeStore Store { get; }

    public FakeMap Map { get; }

    public FakeModes Modes { get; }

    public FakeStatus Status { get; }

    public FakeClock Clock { get; }

    public FrontDoorPorts Ports { get; }

    public HttpClient Http { get; }

    public IPubSub PubSub => app.Services.GetRequiredService<IPubSub>();

    public SubscriberBacklogs Subscribers => app.Services.GetRequiredService<SubscriberBacklogs>();

    public static async Task<Doors> OpenAsync(bool lab = false, string? password = null, RespOptions? resp = null, bool redirect = false, Func<NodeOptions, NodeOptions>? configure = null, NodeCertificates? certificates = null, EventStreamOptions? events = null, SubscriberOptions? subscribers = null)
    {
        var clock = new FakeClock();
        var store = new FakeStore(clock);
        var map = new FakeMap();
        var modes = new FakeModes();
        var status = new FakeStatus();
        var options = new NodeOptions
        {
            HttpPort = 0,
            RespPort = 0,
            Seeds = [new NodeAddress("127.0.0.1", 4053)],
            Lab = lab,
            AdminToken = lab ? Token : null,
            RespPassword = password,
            Redirect = redirect,
        };
        options = configure?.Invoke(options) ?? options;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<TimeProvider>(clock);
        builder.Services.AddSingleton<IKeyValueClient>(store);
        builder.Services.AddSingleton<IClusterMap>(map);
        builder.Services.AddSingleton<INodeStatus>(status);
        builder.Services.AddSingleton<IModeDoors>(modes);
        builder.Services.AddSingleton<IPubSub, LonePubSub>();
        builder.Services.AddSingleton(new ModeDatabases([.. ModeCatalog.All, DialledMode.Mode], modes));
        if (subscribers is not null)
        {
            builder.Services.AddSingleton(subscribers);
        }

        if (events is not null)
        {
            builder.Services.AddSingleton(events);
        }

        builder.AddFrontDoors(options, resp, certificates);
        var app = builder.Build();
        app.MapFrontDoors();
        await app.StartAsync();
        return new Doors(app, store, map, status, clock, modes);
    }

    /// <summary>What a node does with its doors before it ends.</summary>
    public Task CloseAsync() => app.Services.GetRequiredService<DoorClosing>().CloseAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);

    public Task<RespClient> ConnectAsync() => RespClient.ConnectAsync(Ports.Resp.Port);

    public Task<HttpResponseMessage> AdminAsync(HttpMethod method, string path, HttpContent? body = null, string? token = Token)
    {
        var request = new HttpRequestMessage(method, path) { Content = body };
        if (token is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        return Http.SendAsync(request);
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        using var hurry = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        await app.StopAsync(hurry.Token);
        await app.DisposeAsync();
    }
}
