namespace Cluster.Lab.Checkers.Breakers;

/// <summary>What one dependency received in the life in which it was read last.</summary>
/// <param name="IsWhole">Whether it was read from its first attempt to its last: only then does it show that something never came.</param>
internal sealed record ReceivedLog(string Name, string Life, bool IsWhole, IReadOnlyList<AttemptReceived> Attempts)
{
    public ILookup<string, AttemptReceived> ById { get; } = Attempts.ToLookup(attempt => attempt.Id, StringComparer.Ordinal);
}
