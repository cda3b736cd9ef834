namespace Cluster.Lab.Compose;

/// <content>Off the network and on it again. Nothing closes a connection when a container loses its interface: both ends must notice by silence.</content>
public sealed partial class ComposeCluster
{
    public override bool HasNetworkOfItsOwn => true;

    public override async Task DisconnectAsync(string name, CancellationToken cancellation)
    {
        foreach (var network in await NetworksAsync(cancellation).ConfigureAwait(false))
        {
            if (await IsOnAsync(name, network, cancellation).ConfigureAwait(false))
            {
                await engine.PostAsync($"/networks/{network.Id}/disconnect", new NetworkChange(Of(name).Id, Force: true), DockerJson.Default.NetworkChange, cancellation).ConfigureAwait(false);
            }
        }
    }

    public override async Task<IReadOnlyList<string>> ReconnectAsync(IReadOnlyList<string> names, CancellationToken cancellation)
    {
        var reconnected = new List<string>();
        foreach (var network in await NetworksAsync(cancellation).ConfigureAwait(false))
        {
            foreach (var name in names)
            {
                if (await IsOnAsync(name, network, cancellation).ConfigureAwait(false))
                {
                    continue;
                }

                // The name that its peers know it by went with the old connection.
                var change = new NetworkChange(Of(name).Id, EndpointConfig: new NetworkAliases(Of(name).Aliases));
                await engine.PostAsync($"/networks/{network.Id}/connect", change, DockerJson.Default.NetworkChange, cancellation).ConfigureAwait(false);
                reconnected.Add(name);
            }
        }

        return reconnected;
    }

    private Task<IReadOnlyList<NetworkEntry>> NetworksAsync(CancellationToken cancellation) =>
        engine.GetAsync($"/networks?{ComposeProject.Filter(project)}", DockerJson.Default.IReadOnlyListNetworkEntry, cancellation);

    private async Task<bool> IsOnAsync(string name, NetworkEntry network, CancellationToken cancellation) =>
        (await InspectAsync(name, cancellation).ConfigureAwait(false)).NetworkSettings.Networks?.ContainsKey(network.Name) == true;
}
