using System.Text.Json.Serialization;
using Cluster.Engine.Port;

namespace Cluster.Engine.Tests.Actors;

internal sealed record Introduce(string Text, IActorRef Friend);

internal sealed record Greet(string Text);

internal sealed record OldGreet(string First, string Last);

internal sealed record Unregistered(int Number);

[JsonSerializable(typeof(Introduce))]
[JsonSerializable(typeof(Greet))]
[JsonSerializable(typeof(OldGreet))]
internal sealed partial class RemoteMessagesJson : JsonSerializerContext;
