using Cluster.Lab.Histories;
using Cluster.Shared.Scenarios;

namespace Cluster.Lab.Comparison;

/// <summary>What one mode's clients recorded under the schedule.</summary>
/// <param name="Owned">Of it, the operations on registers that have one writer each: what session guarantees and staleness can be judged by.</param>
/// <param name="Windows">The faults, in order.</param>
/// <param name="Quiet">When nobody wrote any more and nothing was broken, in nanoseconds on the history's clock: every read after it is a last reading.</param>
internal sealed record FaultOutcome(History History, History Owned, IReadOnlyList<FaultWindow> Windows, long Quiet);

/// <summary>How long a fault lasted, in nanoseconds on the history's clock.</summary>
/// <param name="Words">What it is called in the table.</param>
internal sealed record FaultWindow(string Words, FaultType Kind, string Target, long Begin, long End);
