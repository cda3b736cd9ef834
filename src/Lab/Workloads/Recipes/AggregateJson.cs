using System.Text.Json.Serialization;

namespace Cluster.Lab.Workloads.Recipes;

/// <summary>Histories of orders as the lab tells them.</summary>
[JsonSerializable(typeof(string[][]))]
[JsonSerializable(typeof(string))]
internal sealed partial class AggregateJson : JsonSerializerContext;
