using System.Text.Json.Serialization;

namespace Cluster.Simulation.Tests.PubSub;

/// <summary>A record that is published.</summary>
internal sealed record Told(string Words);

[JsonSerializable(typeof(Told))]
internal sealed partial class ToldJson : JsonSerializerContext;
