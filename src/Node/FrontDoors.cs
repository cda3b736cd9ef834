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
using Cluster.Node.Telemetry;
using Cluster.Shared.KeyValue;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Cluster.Node;

/// <summary>
/// The node's front doors, RESP and HTTP, on one Kestrel. The host adds an <see cref="IKeyValueClient"/>, an <see cref="IPubSub"/>, an
/// <see cref="IClusterMap"/>, an <see cref="IModeDoors"/> and an <see cref="INodeStatus"/>; both doors only use those.
/// </summary>
public static class FrontDoors
{
    /// <summary>A compare-and-set body holds two values, Base64 in JSON.</summary>
    private const long MaxBodyBytes = 3L * KvLimits.MaxValueBytes;

    /// <summary>HTTP connections at once: dashboards, scrapers and scripts are few, and each may hold a body of <see cref="MaxBodyBytes"/>.</summary>
    private const int MaxHttpConnections = 2_000;

    /// <summary>What a client is told that speaks plaintext where TLS is asked for, in its own protocol.</summary>
    private static readonly byte[] PlaintextOnResp = "-ERR this port speaks TLS: connect with it (redis-cli --tls --cacert ca.crt)\r\n"u8.ToArray();

    private static readonly byte[] PlaintextOnHttps =
        "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain\r\nConnection: close\r\nContent-Length: 54\r\n\r\nthis port speaks HTTPS: ask for https:// instead (-k?)"u8.ToArray();

    /// <summary>Adds both doors' listeners and services.</summary>
    internal static WebApplicationBuilder AddFrontDoors(this WebApplicationBuilder builder, NodeOptions options, RespOptions? respOptions = null, NodeCertificates? certificates = null)
    {
        var ports = new FrontDoorPorts();
        var resp = respOptions ?? new RespOptions();

        // What a socket completes goes on where it completed: nothing behind the doors blocks, and two hops to other threads cost more than a small command.
        builder.WebHost.UseSockets(sockets => sockets.UnsafePreferInlineScheduling = true);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MaxBodyBytes;
            ListenOptions? http = null;
            var address = options.ListenAddress();
            kestrel.Listen(address, options.HttpPort, listen =>
            {
                listen.Protocols = HttpProtocols.Http1;
                new ConnectionBound(MaxHttpConnections).Guard(listen);
                certificates?.Http?.Guard(listen, PlaintextOnHttps);
                http = listen;
            });
            kestrel.Listen(address, options.RespPort, listen =>
            {
                certificates?.Resp?.Guard(listen, PlaintextOnResp);
                listen.UseConnectionHandler<RespConnectionHandler>();
                ports.Listen(http!, listen);
            });
        });
        var services = builder.Services;
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(options);
        services.AddSingleton(ports);
        services.AddSingleton<FailedAuthentications>();
        services.AddSingleton<HttpGate>();

        // Scan tokens and the run id need to differ between lives of a process, not to be secret or to be replayed.
        services.AddSingleton(provider => new RespServer(
            provider.GetRequiredService<IKeyValueClient>(),
            provider.GetRequiredService<IPubSub>(),
            provider.GetRequiredService<SubscriberBacklogs>(),
            provider.GetRequiredService<ModeDatabases>(),
            provider.GetRequiredService<INodeStatus>(),
            provider.GetRequiredService<IClusterMap>(),
            provider.GetRequiredService<TimeProvider>(),
            options,
            resp,
            provider.GetRequiredService<FailedAuthentications>(),
            new Random()));
        services.TryAddSingleton(provider => new ModeDatabases(ModeCatalog.All, provider.GetRequiredService<IModeDoors>()));
        services.TryAddSingleton<SubscriberOptions>();
        services.AddSingleton<SubscriberBacklogs>();
        services.AddSingleton<DoorClosing>();
        services.AddSingleton<RespMetrics>();
        services.AddSingleton<HttpMetrics>();
        services.AddSingleton<PrometheusExporter>();
        services.AddSingleton<KeyValueOperations>();
        services.AddSingleton<ClusterOperations>();
        services.AddSingleton<EventOperations>();
        services.AddSingleton<TopicOperations>();
        services.TryAddSingleton<EventStreamOptions>();
        services.AddSingleton<AdminOperations>();
        services.AddSingleton<ModeOperations>();
        services.AddSingleton<ModeKeyOperations>();
        services.AddSingleton<RecordingOperations>();
        services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, NodeJson.Default));
        services.AddOpenApi("v1", ApiDescription.Configure);
        return builder;
    }

    /// <summary>Maps HTTP's operations. RESP needs no mapping.</summary>
    public static WebApplication MapFrontDoors(this WebApplication app)
    {
        var services = app.Services;
        services.GetRequiredService<PrometheusExporter>(); // Listens from the start, so that nothing counted is missed.
        services.GetRequiredService<RespMetrics>();
        app.Use(static async (context, next) =>
        {
            await Task.Yield(); // Off the thread that serves the sockets: what HTTP does (JSON, the API's description) may take a while.
            await next(context).ConfigureAwait(false);
        });
        app.MapOpenApi("/openapi/{documentName}.json");
        ApiMapping.Map(
            app,
            [.. services.GetRequiredService<KeyValueOperations>().All, .. services.GetRequiredService<ClusterOperations>().All, .. services.GetRequiredService<EventOperations>().All, .. services.GetRequiredService<TopicOperations>().All, .. services.GetRequiredService<ModeOperations>().All, .. services.GetRequiredService<ModeKeyOperations>().All, .. services.GetRequiredService<AdminOperations>().All, .. services.GetRequiredService<RecordingOperations>().All],
            services.GetRequiredService<NodeOptions>(),
            services.GetRequiredService<HttpGate>(),
            services.GetRequiredService<HttpMetrics>(),
            services.GetRequiredService<DoorClosing>());
        return app;
    }
}
