using Cluster.Engine.Hosting;
using Cluster.Node.Options;

namespace Cluster.Node.Hosting;

/// <summary>
/// What a node does when it is told to end (SIGTERM, a container's stop): it stays a member, since it comes back; hands its leaderships over while it still
/// serves; answers what clients have sent; and only then closes its links and its disk. All of it bounded: an impatient supervisor kills after some seconds.
/// </summary>
internal sealed class NodeEnd(EmbeddedNode node, DoorClosing doors, ProcessEnd ending, ILogger<NodeEnd> log) : IHostedLifecycleService
{
    /// <summary>For everything, links and disk included; a container's stop waits ten seconds before it kills.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(7);

    /// <summary>A hand-over is a round trip; a node whose peers do not answer need not wait for them.</summary>
    private static readonly TimeSpan RetirePatience = TimeSpan.FromSeconds(2);

    /// <summary>A request that waits for a majority that is gone is not worth waiting for either.</summary>
    private static readonly TimeSpan DoorPatience = TimeSpan.FromSeconds(2);

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        var fails = ending.Code != ExitCode.Ok; // Then there is nothing that it could hand over, and nothing that it could still answer.
        if (!fails)
        {
            ending.IsStopping = true;
            var kept = await node.RetireAsync(RetirePatience, cancellationToken).ConfigureAwait(false);
            log.LogInformation("told to end: {Outcome}", kept == 0 ? "it leads nothing any more" : $"nobody took over {kept} groups that it led");
        }

        await doors.CloseAsync(fails ? TimeSpan.Zero : DoorPatience, cancellationToken).ConfigureAwait(false);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
