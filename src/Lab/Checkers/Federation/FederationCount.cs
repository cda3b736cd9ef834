using System.Globalization;

namespace Cluster.Lab.Checkers.Federation;

/// <summary>What a run of federated clusters cost, summed up over its keys.</summary>
internal sealed class FederationCount
{
    public int Keys { get; set; }

    public int Acknowledged { get; set; }

    /// <summary>Acknowledged writes that the next home had not got.</summary>
    public int Unreplicated { get; set; }

    /// <summary>Of those, how many were read under a later home.</summary>
    public int TakenUp { get; set; }

    public int Failovers { get; set; }

    public double OldestCopyMs { get; set; }

    public string Words((int Losses, double LongestSeconds) recovery) => string.Create(
        CultureInfo.InvariantCulture,
        $"{Acknowledged:N0} writes acknowledged on {Keys} keys; groups changed home {Failovers} times; {Unreplicated} writes had not been replicated then (recovery point), {TakenUp} of them were seen again; copies up to {OldestCopyMs / 1000:0.0} s old{(recovery.Losses == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"; of a lost cluster's region the other took writes after {recovery.LongestSeconds:0.0} s at most ({recovery.Losses} losses)"))}");
}
