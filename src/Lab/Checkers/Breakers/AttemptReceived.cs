namespace Cluster.Lab.Checkers.Breakers;

/// <summary>An attempt as the dependency itself recorded it.</summary>
/// <param name="Number">Which attempt of its call, from 1.</param>
/// <param name="Probe">The generation of the half-open breaker that let it through; 0 for a closed one.</param>
/// <param name="AtMs">On the dependency's clock.</param>
/// <param name="Fate">What became of it.</param>
internal sealed record AttemptReceived(long Seq, string Id, string From, int Number, long Probe, double AtMs, string Fate)
{
    /// <summary>The node of the proxy that sent it.</summary>
    public string Node => From.Split('/')[0];
}
