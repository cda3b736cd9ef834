namespace Cluster.Lab.Compose;

/// <content>The engine's own watch over containers (<c>restart: unless-stopped</c>): it would start a node that ended itself before anybody has seen that it did.</content>
public sealed partial class ComposeCluster
{
    private static readonly RestartPolicy Never = new("no");

    public override async Task<IAsyncDisposable?> HoldRestartsAsync(CancellationToken cancellation)
    {
        var usual = new Dictionary<string, RestartPolicy>();
        foreach (var name in NodeNames)
        {
            usual[Of(name).Id] = (await InspectAsync(name, cancellation).ConfigureAwait(false)).HostConfig.RestartPolicy ?? Never;
        }

        var held = new HeldRestarts(engine, usual);
        try
        {
            await held.BeginAsync(cancellation).ConfigureAwait(false);
            return held;
        }
        catch
        {
            await held.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Gives every container the policy back that it had.</summary>
    private sealed class HeldRestarts(DockerEngine engine, IReadOnlyDictionary<string, RestartPolicy> usual) : IAsyncDisposable
    {
        public async Task BeginAsync(CancellationToken cancellation)
        {
            foreach (var id in usual.Keys)
            {
                await SetAsync(id, Never, cancellation).ConfigureAwait(false);
            }
        }

        public async ValueTask DisposeAsync()
        {
            // Each by itself: one that is refused keeps none of the others from theirs.
            await Task.WhenAll(usual.Select(container => SetAsync(container.Key, container.Value, CancellationToken.None))).ConfigureAwait(false);
        }

        private Task SetAsync(string id, RestartPolicy policy, CancellationToken cancellation) =>
            engine.PostAsync($"/containers/{id}/update", new ContainerUpdate(policy), DockerJson.Default.ContainerUpdate, cancellation);
    }
}
