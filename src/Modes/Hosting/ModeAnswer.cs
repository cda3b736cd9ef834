using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Cluster.Engine.Port;
using Cluster.Shared.Results;

namespace Cluster.Modes.Hosting;

/// <summary>What a mode's actor answers: JSON, or a refusal whose code says what may be concluded about the request's effect.</summary>
/// <param name="Json">The answer, one JSON value in UTF-8; null with an error.</param>
public sealed record ModeAnswer(byte[]? Json, ClusterError? Error)
{
    public static ModeAnswer Ok<T>(T answer, JsonTypeInfo<T> json) => new(JsonSerializer.SerializeToUtf8Bytes(answer, json), null);

    /// <summary>The state forbids it; nothing has changed.</summary>
    public static ModeAnswer Conflict(string why) => new(null, new ClusterError(ErrorCode.Conflict, why));

    /// <summary>What was asked for is not there.</summary>
    public static ModeAnswer NotFound(string why) => new(null, new ClusterError(ErrorCode.NotFound, why));

    /// <summary>It was not served, and certainly had no effect; it may be asked again.</summary>
    public static ModeAnswer Unavailable(string why) => new(null, new ClusterError(ErrorCode.Unavailable, why));

    public static ModeAnswer Failed(ClusterError error) => new(null, error);

    /// <summary>What an entity answered where it did not answer what was asked for.</summary>
    /// <exception cref="ArgumentException">It is neither a refusal nor the word that there is no outcome.</exception>
    public static ModeAnswer Of(object reply) => reply switch
    {
        EntityRefused refused => Conflict(refused.Reason),
        EntityUnavailable unavailable => Failed(unavailable.Error),
        _ => throw new ArgumentException($"{reply.GetType().Name} is no refusal of an entity", nameof(reply)),
    };
}
