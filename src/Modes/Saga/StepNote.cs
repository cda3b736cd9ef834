namespace Cluster.Modes.Saga;

/// <summary>What has happened to one step of a saga.</summary>
/// <param name="State"><c>done</c>, <c>refused</c>, <c>expired</c> (it may have happened), <c>compensated</c>.</param>
/// <param name="Attempts">How often the driver that reported it had asked.</param>
public sealed record StepNote(string Step, string State, long AtUnixMs, int Attempts, string? Why = null);
