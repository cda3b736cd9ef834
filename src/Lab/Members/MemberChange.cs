using Cluster.Lab.Http;
using Cluster.Lab.Targets;

namespace Cluster.Lab.Members;

/// <summary>Changes of membership, asked of any node that lives: it passes them on to the control plane's leader.</summary>
public sealed class MemberChange(ClusterTarget cluster)
{
    /// <summary>The control plane answers when the change is decided, which takes an election at worst.</summary>
    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(100);

    public Task LeaveAsync(string member, CancellationToken cancellation) => AskAnyAsync(member, api => api.LeaveAsync(member, cancellation), cancellation);

    public Task DownAsync(string member, CancellationToken cancellation) => AskAnyAsync(member, api => api.DownAsync(member, cancellation), cancellation);

    /// <summary>Waits until the others see the member at one of these states, or no longer at all.</summary>
    /// <returns>False: not at the deadline.</returns>
    public async Task<bool> WaitUntilAsync(string member, IReadOnlyList<string> states, TimeSpan deadline, CancellationToken cancellation)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(start) < deadline)
        {
            foreach (var name in (await cluster.RunningAsync(cancellation).ConfigureAwait(false)).Where(name => name != member))
            {
                using var api = cluster.Api(name, TimeSpan.FromSeconds(1));
                try
                {
                    var view = await api.GetClusterAsync(cancellation).ConfigureAwait(false);
                    if (view.Ready && view.Members.All(known => known.Name != member || states.Contains(known.Status)))
                    {
                        return true;
                    }
                }
                catch (Exception e) when ((NodeApi.IsNoAnswer(e) || e is NodeRefusedException) && !cancellation.IsCancellationRequested)
                {
                    // The next node may know.
                }
            }

            await Task.Delay(PollInterval, TimeProvider.System, cancellation).ConfigureAwait(false);
        }

        return false;
    }

    private async Task AskAnyAsync(string member, Func<NodeApi, Task> ask, CancellationToken cancellation)
    {
        // Others first: the member itself may be cut off, which is often why it is to go.
        var last = "no node runs";
        foreach (var name in (await cluster.RunningAsync(cancellation).ConfigureAwait(false)).OrderBy(name => name == member))
        {
            using var api = cluster.Api(name, RequestTimeout);
            try
            {
                await ask(api).ConfigureAwait(false);
                return;
            }
            catch (NodeRefusedException e) when ((int)e.Status < 500)
            {
                throw new LabException($"{name} refuses: {e.Message}", e);
            }
            catch (Exception e) when (NodeApi.IsNoAnswer(e) || e is NodeRefusedException)
            {
                last = $"{name}: {e.Message}";
            }
        }

        throw new LabException($"no node could carry it out: {last}");
    }
}
