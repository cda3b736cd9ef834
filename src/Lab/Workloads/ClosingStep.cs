namespace Cluster.Lab.Workloads;

/// <summary>One of the reads after a run, by which what was acknowledged is judged. It is repeated until it is answered.</summary>
/// <param name="Then">From what was answered: what is to be asked next, as when a queue is drained; null where one answer is all. Its own null ends the step.</param>
public sealed record ClosingStep(Request Request, Func<string?, Request?>? Then = null);
