namespace Cluster.Lab.Comparison;

/// <summary>How much of a comparison is done, in steps of about equal length, and how long the rest may take by what the others took. For several at once.</summary>
/// <param name="total">Steps of the whole comparison.</param>
/// <param name="tell">Told what is being done, the share of all that is done, and what is left; null while nothing is known of that.</param>
internal sealed class ComparisonSteps(int total, TimeProvider time, Action<string, double, TimeSpan?> tell)
{
    /// <summary>Below this share a guess of what is left would only jump.</summary>
    private const double GuessFrom = 0.05;

    private readonly Lock gate = new();
    private readonly long start = time.GetTimestamp();
    private int done;

    /// <summary>Something else is being done; no step is over.</summary>
    public void Say(string words) => Advance(0, words);

    /// <summary>So many steps are over.</summary>
    public void Advance(int steps, string words)
    {
        lock (gate)
        {
            done = Math.Min(total, done + steps);
            var share = total == 0 ? 0 : (double)done / total;
            tell(words, share, share < GuessFrom ? null : time.GetElapsedTime(start) * ((1 - share) / share));
        }
    }
}
