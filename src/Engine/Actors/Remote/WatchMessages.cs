using System.Text.Json.Serialization;

namespace Cluster.Engine.Actors.Remote;

/// <summary>Tell me when the watchee ends. Sent again from time to time until its end is known. Paths are full, with uids where known.</summary>
internal sealed record WatchRemote(string Watchee, string Watcher);

/// <summary>Takes <see cref="WatchRemote"/> back.</summary>
internal sealed record UnwatchRemote(string Watchee, string Watcher);

/// <summary>The watchee is there; <paramref name="Uid"/> says which life of its name is watched.</summary>
internal sealed record WatchAccepted(string Watchee, string Watcher, long Uid);

/// <summary>The watchee is gone, or was never there.</summary>
internal sealed record TerminatedRemote(string Watchee, string Watcher, bool ExistenceConfirmed);

[JsonSerializable(typeof(WatchRemote))]
[JsonSerializable(typeof(UnwatchRemote))]
[JsonSerializable(typeof(WatchAccepted))]
[JsonSerializable(typeof(TerminatedRemote))]
internal sealed partial class WatchMessagesJson : JsonSerializerContext;
