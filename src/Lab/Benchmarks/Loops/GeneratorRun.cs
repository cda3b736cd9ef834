namespace Cluster.Lab.Benchmarks.Loops;

/// <summary>What one turn of a load generator counted.</summary>
/// <param name="Measured">How long requests were counted.</param>
/// <param name="Sent">All requests sent, those of the warm-up, too: what the processor time was used for.</param>
/// <param name="Timeline">Answers in each 100 ms of the measured time.</param>
public sealed record GeneratorRun(TimeSpan Measured, Tally Tally, long Sent, IReadOnlyList<long> Timeline)
{
    /// <summary>Requests answered without error, a second.</summary>
    public double PerSecond => Tally.Answered / Measured.TotalSeconds;

    /// <summary>What all loops of one turn counted together.</summary>
    internal static GeneratorRun Of(TimeSpan measured, IReadOnlyList<GeneratorLoop> loops)
    {
        var tally = new Tally();
        var timeline = new long[loops.Max(loop => loop.Timeline.Length)];
        foreach (var loop in loops)
        {
            tally.Add(loop.Tally);
            for (var i = 0; i < loop.Timeline.Length; i++)
            {
                timeline[i] += loop.Timeline[i];
            }
        }

        return new GeneratorRun(measured, tally, loops.Sum(loop => loop.Sent), timeline);
    }
}
