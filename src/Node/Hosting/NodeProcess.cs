using System.Globalization;
using Cluster.Engine.Actors;
using Cluster.Engine.Actors.Dispatchers;
using Cluster.Engine.ControlPlane;
using Cluster.Engine.Hosting;
using Cluster.Engine.Remoting;
using Cluster.Engine.Remoting.Actors;
using Cluster.Engine.Remoting.Tcp;
using Cluster.Engine.Storage;
using Cluster.Modes;
using Cluster.Modes.Hosting;
using Cluster.Modes.Postgres;
using Cluster.Node.Http;
using Cluster.Node.Options;
using Cluster.Node.Resp.Redirection;
using Cluster.Node.Security;
using Cluster.Shared.Certificates;
using Microsoft.AspNetCore.Connections;

namespace Cluster.Node.Hosting;

/// <summary>
/// One node as a process: its disk, its links and its doors, started in the order in which each can serve the next, and stopped the other way round. Whatever
/// keeps it from starting is said in one line, with an exit code that tells scripts what it was.
/// </summary>
internal static class NodeProcess
{
    /// <summary>Runs the node until it is told to stop.</summary>
    /// <returns>The process's exit code.</returns>
    public static async Task<int> RunAsync(NodeOptions options)
    {
        try
        {
            return await ServeAsync(options).ConfigureAwait(false);
        }
        catch (StorageRefusedException refused)
        {
            return Refuse(refused.Message, ExitCode.DataRefused);
        }
        catch (StorageCorruptException corrupt)
        {
            return Refuse(corrupt.Message, ExitCode.DataCorrupt);
        }
        catch (CertificateException unusable)
        {
            return Refuse(unusable.Message, ExitCode.CertificateUnusable);
        }
        catch (DiskFullException full)
        {
            return Refuse(full.Message, ExitCode.DiskUnusable);
        }
        catch (Exception failed) when (BindFailure.Explain(failed, options) is { } explained)
        {
            return Refuse(explained, ExitCode.Unavailable);
        }
    }

    private static async Task<int> ServeAsync(NodeOptions options)
    {
        SocketThreads.PreferInline();
        using var certificates = NodeCertificates.Open(options, TimeProvider.System);
        using var faults = new NodeFaults(options);
        using var data = OpenData(options, faults.Disk);

        // A node has no configuration files, and to watch for changes of them the host watches all below the working directory: every write to the log would be an event.
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = ["--hostBuilder:reloadConfigOnChange=false"] });
        builder.Logging.ClearProviders().AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.TimestampFormat = "HH:mm:ss.fff ";
            console.UseUtcTimestamp = true;
        });
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning);
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting", LogLevel.None); // A failed start is thrown, and explained below in one line.
        builder.Services.AddSingleton(faults.Time);
        builder.Services.AddSingleton(faults);
        builder.AddFrontDoors(options, certificates: certificates);
        var ending = new ProcessEnd();
        builder.Services.AddSingleton(services => Foundation(options, data, certificates, services, ending));
        builder.Services.AddSingleton(services => (TcpTransport)services.GetRequiredService<NodeFoundation>().Transport);
        builder.Services.AddSingleton(services => new EmbeddedNode(EngineOptions(options), services.GetRequiredService<NodeFoundation>()));
        builder.Services.AddSingleton(services => services.GetRequiredService<EmbeddedNode>().KeyValue);
        builder.Services.AddSingleton<IModeDoors>(services => new ModeHost(services.GetRequiredService<EmbeddedNode>(), ModeCatalog.All, Settings(options)));
        builder.Services.AddSingleton(services => services.GetRequiredService<EmbeddedNode>().PubSub);
        builder.Services.AddSingleton(ending);
        builder.Services.AddSingleton<INodeStatus, NodeStatus>();
        builder.Services.AddSingleton<IClusterMap>(services => new NodeMap(services.GetRequiredService<EmbeddedNode>().Slots));
        builder.Services.AddHostedService<NodeEnd>();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = NodeEnd.Patience);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(options.ListenAddress(), options.Port, listen => listen.UseConnectionHandler<RemotingConnectionHandler>()));

        await using var app = builder.Build();
        app.MapFrontDoors();
        var node = app.Services.GetRequiredService<EmbeddedNode>();
        ending.Lifetime = app.Lifetime;
        certificates.LogTo(app.Logger);
        await app.StartAsync().ConfigureAwait(false);
        if (Exposure.Describe(options, options.ListenAddress()) is { } exposed)
        {
            app.Logger.LogWarning("security: {Exposed}", exposed);
        }

        foreach (var flaw in options.Flaws)
        {
            app.Logger.LogWarning("broken on purpose: flaw {Flaw}: this node {Breaks}", flaw.Name, flaw.Breaks);
        }

        await node.StartAsync(app.Lifetime.ApplicationStopping).ConfigureAwait(false);
        await app.WaitForShutdownAsync().ConfigureAwait(false);
        return ending.Code;
    }

    private static DataDirectory OpenData(NodeOptions options, IDisk disk) => DataDirectory.Open(
        disk,
        options.Cluster,
        options.Name,
        string.Create(CultureInfo.InvariantCulture, $"pid {Environment.ProcessId} on {Environment.MachineName}"),
        Guid.NewGuid());

    private static NodeFoundation Foundation(NodeOptions options, DataDirectory data, NodeCertificates certificates, IServiceProvider services, ProcessEnd ending)
    {
        var logger = services.GetRequiredService<ILoggerFactory>().CreateLogger("node");
        var time = services.GetRequiredService<TimeProvider>();
        var random = new Random();
        var identity = new PeerIdentity(options.Name, options.AdvertisedAddress, data.Identity.NodeId, data.Identity.Incarnation, data.Identity.Uid);
        var local = new LocalNode(options.Cluster, identity) { ClusterId = data.Identity.ClusterId, Federated = options.Federated };
        var engine = new PinnedDispatcher(NodeFoundation.EngineDispatcher);
        var transport = new TcpTransport(local, new RemotingOptions(), time, random, services.GetRequiredService<ILogger<TcpTransport>>(), certificates.Links) { Writers = engine };
        var remoting = new ActorRemoting(transport, options.Name, NodeMessages.Registry(EngineOptions(options)));
        var system = new ActorSystem(options.Cluster, new ActorSystemOptions
        {
            Address = remoting.Address,
            RemoteSink = remoting.Sink,
            Time = time,
            Random = random,
            Dispatchers = new Dictionary<string, IDispatcher>
            {
                [NodeFoundation.EngineDispatcher] = engine,
                [NodeFoundation.DiskDispatcher] = new PinnedDispatcher(NodeFoundation.DiskDispatcher),
                [NodeFoundation.SnapshotDispatcher] = new PinnedDispatcher(NodeFoundation.SnapshotDispatcher),
                [NodeFoundation.JournalDispatcher] = new PinnedDispatcher(NodeFoundation.JournalDispatcher),
            },
            DeadLetterLog = (letter, skipped) => logger.LogDebug("dead letter {Letter} ({Skipped} more not logged)", letter, skipped),
            FailureLog = failed => logger.LogError(failed.Cause, "{Actor} failed: {Directive}", failed.Actor.Path, failed.Directive),
        });
        remoting.Attach(system);
        return new NodeFoundation(data, local, transport, system)
        {
            Say = words => logger.LogInformation("{Words}", words),
            Fatal = why => ending.Because(why, logger),
        };
    }

    private static ModeSettings Settings(NodeOptions options) => new() { Postgres = options.Postgres, PostgresUse = new PostgresOptions { PoolSize = options.PostgresPool } };

    private static EngineOptions EngineOptions(NodeOptions options) => ModeHost.Configure(Plain(options), ModeCatalog.All);

    private static EngineOptions Plain(NodeOptions options) => new()
    {
        Cluster = options.Cluster,
        Name = options.Name,
        Address = options.AdvertisedAddress,
        Seeds = options.Seeds,
        Federated = options.Federated,
        HttpAddress = $"{options.AdvertisedHost}:{options.HttpPort}",
        RespAddress = options.AdvertiseResp?.ToString() ?? $"{options.AdvertisedHost}:{options.RespPort}",
        Shards = options.Shards,
        Placement = new PlacementOptions { ReplaceAfter = options.ReplaceAfter },
        Flaws = options.Flaws,
    };

    private static int Refuse(string why, int code)
    {
        Console.Error.WriteLine($"cluster-node: {why}");
        return code;
    }
}
