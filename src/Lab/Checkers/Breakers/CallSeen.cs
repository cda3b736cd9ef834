using Cluster.Lab.Histories;

namespace Cluster.Lab.Checkers.Breakers;

/// <summary>A call that a proxy reported on, as its client was told.</summary>
/// <param name="By">The proxy, and which life of it.</param>
/// <param name="Value">Null where there was none.</param>
/// <param name="Life">Which life of the dependency gave the value.</param>
internal sealed record CallSeen(Operation Operation, string By, string Outcome, string? Because, int Attempts, long? Value, string? Life, long? AgeMs)
{
    public string To => Operation.Key;

    public bool IsAdd => Operation.Input[0] == "add";

    public string Item => Operation.Input[1]!;

    public string Id => Operation.Input[2]!;

    public bool IsFresh => Outcome == "fresh";

    /// <summary>Refused by an open breaker, before the dependency was asked.</summary>
    public bool IsRefusedByBreaker => Because == "open" && Attempts == 0;

    public long Nanoseconds => Operation.Return - Operation.Call;
}
