using System.Diagnostics.Metrics;
using Cluster.Engine.Hosting;
using Cluster.Engine.Port;
using Cluster.Shared.Results;

namespace Cluster.Modes.Hosting;

/// <summary>
/// The modes on one node: starts each one's actor, and takes clients' requests to it. A mode that fails is its supervisor's business; its node and the other modes go on.
/// </summary>
public sealed class ModeHost : IModeDoors, IDisposable
{
    public const string MeterName = "Cluster.Modes";

    /// <summary>How long a client waits where it says nothing else: a failover of a shard, and an answer.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Requests that wait at one mode of one node; more are refused, since whoever sent them has given up by their turn.</summary>
    private const int MailboxCapacity = 10_000;

    private readonly EmbeddedNode node;
    private readonly Meter meter = new(MeterName);
    private readonly Dictionary<string, IActorRef> doors = new(StringComparer.Ordinal);

    /// <summary>Starts the modes on a node that was made with <see cref="Configure"/>d options.</summary>
    /// <param name="settings">What they are to use outside the cluster; null for nothing.</param>
    public ModeHost(EmbeddedNode node, IReadOnlyList<Mode> modes, ModeSettings? settings = null)
    {
        this.node = node;
        foreach (var mode in modes)
        {
            if (mode.Parts.Door is { } door)
            {
                doors.Add(mode.Slug, node.System.ActorOf(door(new HostingNode(mode.Slug, node, meter, settings ?? ModeSettings.None)).WithMailbox(MailboxCapacity, MailboxOverflow.DropNewest), $"mode-{mode.Slug}"));
            }
        }
    }

    /// <summary>The options of a node that is to host these modes: every node of a cluster hosts the same.</summary>
    public static EngineOptions Configure(EngineOptions options, IReadOnlyList<Mode> modes) => options with
    {
        Entities = [.. options.Entities, .. modes.SelectMany(mode => mode.Parts.Entities)],
        Messages = messages =>
        {
            options.Messages(messages);
            foreach (var mode in modes)
            {
                mode.Parts.Messages(messages);
            }
        },
    };

    public async Task<ModeAnswer> AskAsync(string mode, ModeRequest request, bool isRead, TimeSpan patience, CancellationToken cancellation)
    {
        var door = doors.GetValueOrDefault(mode) ?? throw new ArgumentException($"there is no mode '{mode}' with operations on {node.Name}", nameof(mode));
        try
        {
            return await door.Ask<ModeAnswer>(request, patience, cancellation).ConfigureAwait(false);
        }
        catch (AskTimeoutException)
        {
            var why = $"mode {mode} on {node.Name} has not answered within {patience.TotalSeconds:0.###} s";
            return ModeAnswer.Failed(isRead ? new ClusterError(ErrorCode.Unavailable, why) : new ClusterError(ErrorCode.OutcomeUnknown, $"{why}: the request may have taken effect"));
        }
    }

    /// <summary>Ends what it measures; the actors end with their node.</summary>
    public void Dispose() => meter.Dispose();
}
