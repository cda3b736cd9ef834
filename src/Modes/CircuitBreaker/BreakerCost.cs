using Cluster.Engine.Port;

namespace Cluster.Modes.CircuitBreaker;

/// <summary>What a closed breaker adds to a call, measured where it is used: the same work with it and without, in turns, so that what disturbs the machine disturbs both.</summary>
internal static class BreakerCost
{
    private const int Turns = 20;

    /// <summary>Of each turn, with and without: all turns together keep an actor's thread for some 20 ms.</summary>
    private const int Calls = 1_000;

    private const int WorkBytes = 256;

    public static CostView Measure(TimeProvider time, BreakerOptions options)
    {
        var (breaker, work) = (new BreakerCore(options), new byte[WorkBytes]);
        var (bare, behind, sum) = (new double[Turns], new double[Turns], 0u);
        for (var turn = 0; turn < Turns; turn++)
        {
            var began = time.GetTimestamp();
            for (var call = 0; call < Calls; call++)
            {
                sum += Work(work);
            }

            var between = time.GetTimestamp();
            for (var call = 0; call < Calls; call++)
            {
                var permit = breaker.TryEnter(time.Elapsed());
                sum += Work(work);
                breaker.Ended(permit, CallEnd.Answered, TimeSpan.FromMicroseconds(1), time.Elapsed());
            }

            bare[turn] = time.GetElapsedTime(began, between).TotalNanoseconds / Calls;
            behind[turn] = time.GetElapsedTime(between).TotalNanoseconds / Calls;
        }

        var added = behind.Zip(bare, (with, without) => with - without).Order().ElementAt(Turns / 2);
        return new CostView(Math.Round(bare.Order().ElementAt(Turns / 2), 1), Math.Round(added, 1), Turns * Calls, sum);
    }

    /// <summary>A stand-in for what a call does before it leaves the process: reads some hundred bytes.</summary>
    public static uint Work(byte[] bytes)
    {
        var sum = 2166136261u;
        foreach (var one in bytes)
        {
            sum = (sum ^ one) * 16777619;
        }

        return sum;
    }
}
