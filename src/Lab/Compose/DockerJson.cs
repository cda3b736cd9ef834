using System.Text.Json.Serialization;

namespace Cluster.Lab.Compose;

/// <summary>The parts of the Docker Engine API's answers that are read here, in the API's own names.</summary>
[JsonSerializable(typeof(IReadOnlyList<ContainerEntry>))]
[JsonSerializable(typeof(ContainerDetails))]
[JsonSerializable(typeof(IReadOnlyList<NetworkEntry>))]
[JsonSerializable(typeof(NetworkChange))]
[JsonSerializable(typeof(ContainerOrder))]
[JsonSerializable(typeof(ContainerCreated))]
[JsonSerializable(typeof(ContainerEnd))]
[JsonSerializable(typeof(ContainerUpdate))]
[JsonSerializable(typeof(EngineError))]
internal sealed partial class DockerJson : JsonSerializerContext;

internal sealed record ContainerEntry(string Id);

internal sealed record ContainerDetails(string Id, string Name, ContainerState State, ContainerConfig Config, ContainerHost HostConfig, ContainerNetworks NetworkSettings);

/// <param name="Status">created, running, paused, restarting, removing, exited or dead.</param>
internal sealed record ContainerState(string Status, int Pid);

internal sealed record ContainerConfig(string Image, IReadOnlyList<string>? Env, IReadOnlyDictionary<string, string>? Labels);

/// <param name="PortBindings">What a port of the container (<c>8558/tcp</c>) is published as.</param>
internal sealed record ContainerHost(IReadOnlyDictionary<string, IReadOnlyList<PublishedPort>?>? PortBindings, RestartPolicy? RestartPolicy = null);

/// <param name="Name">no, always, unless-stopped or on-failure.</param>
internal sealed record RestartPolicy(string Name, int MaximumRetryCount = 0);

internal sealed record ContainerUpdate(RestartPolicy RestartPolicy);

internal sealed record PublishedPort(string? HostIp, string? HostPort);

internal sealed record ContainerNetworks(IReadOnlyDictionary<string, NetworkEndpoint>? Networks);

internal sealed record NetworkEndpoint(string? NetworkID);

internal sealed record NetworkEntry(string Id, string Name);

internal sealed record NetworkChange(string Container, bool Force = false, NetworkAliases? EndpointConfig = null);

internal sealed record NetworkAliases(IReadOnlyList<string> Aliases);

/// <summary>A container to be made: here only ever one that does a single thing to another one's volumes.</summary>
internal sealed record ContainerOrder(string Image, IReadOnlyList<string> Entrypoint, IReadOnlyDictionary<string, string> Labels, ContainerOrderHost HostConfig);

internal sealed record ContainerOrderHost(IReadOnlyList<string> VolumesFrom, string NetworkMode);

internal sealed record ContainerCreated(string Id);

internal sealed record ContainerEnd(int StatusCode);

internal sealed record EngineError([property: JsonPropertyName("message")] string? Message);
