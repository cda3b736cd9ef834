namespace Cluster.Lab.Benchmarks.Loops;

/// <summary>What all loops of one turn counted together.</summary>
internal sealed class GeneratorRun
{
    public GeneratorRun(TimeSpan measured, IReadOnlyList<GeneratorLoop> loops)
    {
        Measured = measured;
        Timeline = new long[loops.Max(loop => loop.Timeline.Length)];
        foreach (var loop in loops)
        {
            Tally.Add(loop.Tally);
            Sent += loop.Sent;
            for (var i = 0; i < loop.Timeline.Length; i++)
            {
                Timeline[i] += loop.Timeline[i];
            }
        }
    }

    public TimeSpan Measured { get; }

    public Tally Tally { get; } = new();

    public long[] Timeline { get; }

    /// <summary>All requests sent, those of the warm-up, too: what the processor time was used for.</summary>
    public long Sent { get; }

    public double PerSecond => Tally.Answered / Measured.TotalSeconds;
}
