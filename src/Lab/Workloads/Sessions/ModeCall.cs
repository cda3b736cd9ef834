namespace Cluster.Lab.Workloads.Sessions;

/// <summary>What a client asks of a mode: an operation as <c>GET /modes</c> lists it.</summary>
/// <param name="Mode">The slug.</param>
/// <param name="IsRead">Whether it only asks; with no answer, nothing has changed.</param>
/// <param name="Arguments">By their names; one that is null is left out.</param>
public sealed record ModeCall(string Mode, string Operation, bool IsRead, params IReadOnlyList<(string Name, string? Value)> Arguments);
