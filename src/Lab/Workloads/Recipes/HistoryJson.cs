using System.Text.Json.Serialization;

namespace Cluster.Lab.Workloads.Recipes;

/// <summary>Lists and maps as histories tell them.</summary>
[JsonSerializable(typeof(string[]))]
[JsonSerializable(typeof(string?[][]))]
[JsonSerializable(typeof(SortedDictionary<string, long>))]
internal sealed partial class HistoryJson : JsonSerializerContext;
