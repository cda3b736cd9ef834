using System.Globalization;
using Cluster.Lab.Targets;
using Cluster.Shared.Files;

namespace Cluster.Lab.Compose;

/// <summary>A container that is a node, read from what it was made with: its name and ports stand in its environment, as the compose file gives them.</summary>
/// <param name="Container">The container's name.</param>
/// <param name="Aliases">The names that others on its network know it by.</param>
/// <param name="AdminToken">Null: it takes no admin requests.</param>
internal sealed record ComposeNode(string Id, string Container, string Image, string Cluster, string? AdminToken, IReadOnlyList<string> Aliases, ClusterFileNode Node)
{
    private const string ServiceLabel = "com.docker.compose.service";

    /// <summary>Null: that container is none of the cluster's nodes.</summary>
    /// <exception cref="LabException">It is one, and its ports are not published.</exception>
    public static ComposeNode? Read(ContainerDetails container)
    {
        var environment = new Dictionary<string, string>();
        foreach (var variable in container.Config.Env ?? [])
        {
            var equals = variable.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0)
            {
                environment[variable[..equals]] = variable[(equals + 1)..];
            }
        }

        if (!environment.TryGetValue("CLUSTER_NODE", out var name))
        {
            return null;
        }

        string PortOf(string variable, int usual) => environment.TryGetValue(variable, out var port) && port.Length > 0 ? port : usual.ToString(CultureInfo.InvariantCulture);
        var service = container.Config.Labels?.GetValueOrDefault(ServiceLabel) ?? name;
        var host = environment.GetValueOrDefault("CLUSTER_ADVERTISE", service);
        var node = new ClusterFileNode(
            name,
            container.State.Pid,
            $"{host}:{PortOf("CLUSTER_PORT", 4053)}",
            "http://" + Published(container, PortOf("CLUSTER_HTTP_PORT", 8558)),
            Published(container, PortOf("CLUSTER_RESP_PORT", 6379)));
        return new ComposeNode(
            container.Id,
            container.Name.TrimStart('/'),
            container.Config.Image,
            environment.GetValueOrDefault("CLUSTER_NAME", "lab"),
            environment.GetValueOrDefault("CLUSTER_ADMIN_TOKEN") is { Length: > 0 } token ? token : null,
            [.. new[] { service, host }.Distinct()],
            node);
    }

    public static ProcessState StateOf(ContainerState state) => state.Status switch
    {
        "running" => ProcessState.Running,
        "paused" => ProcessState.Paused,
        _ => ProcessState.Dead,
    };

    private static string Published(ContainerDetails container, string port)
    {
        var binding = container.HostConfig.PortBindings?.GetValueOrDefault(port + "/tcp") is [var first, ..]
            ? first
            : throw new LabException($"port {port} of container {container.Name.TrimStart('/')} is not published, so this console cannot reach it: run it inside, with 'docker-compose run --rm client'");
        // Bound to every address, it is reached by loopback too.
        var host = binding.HostIp is null or "" or "0.0.0.0" or "::" ? "127.0.0.1" : binding.HostIp;
        return $"{host}:{binding.HostPort}";
    }
}
