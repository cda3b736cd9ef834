using System.Text.Json.Serialization;
using Cluster.Engine.Port;

namespace Cluster.Simulation.Tests.Entities;

internal sealed record Note(string Words);

internal sealed record Introduce(IActorRef Friend);

[JsonSerializable(typeof(Note))]
[JsonSerializable(typeof(Introduce))]
internal sealed partial class StageJson : JsonSerializerContext;
