namespace Cluster.Lab.Workloads;

/// <summary>What a client is to do next, in the words of the history and of its checkers.</summary>
/// <param name="Key">The key as the history names it; a recipe may keep it in several keys of the store.</param>
public sealed record Request(string Op, string Key, params IReadOnlyList<string?> Input);
