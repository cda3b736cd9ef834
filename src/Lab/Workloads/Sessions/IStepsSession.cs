namespace Cluster.Lab.Workloads.Sessions;

/// <summary>A client whose store takes a whole transaction of appends and reads as data, in one request: what it reads and appends is decided where the data is.</summary>
public interface IStepsSession
{
    /// <summary>Carries out steps as one transaction; a step without a value reads. Ok with what <see cref="Seen"/> understands; Fail if it had no effect; Info if no answer came to one that appends.</summary>
    Task<StoreAnswer> AppendAndReadAsync(IReadOnlyList<(string Key, string? Appended)> steps);

    /// <summary>The value that each step read, null for an append and for a key that is not there.</summary>
    IReadOnlyList<string?> Seen(string output);
}
