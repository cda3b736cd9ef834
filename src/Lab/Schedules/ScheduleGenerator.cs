using Cluster.Shared.Scenarios;

namespace Cluster.Lab.Schedules;

/// <summary>Makes a schedule of a mix, the same one for the same seed. Roles stay roles: who leads is known only when the fault begins.</summary>
public static class ScheduleGenerator
{
    /// <summary>What is too short to be noticed is no fault: the last one before the end is left out rather than cut short below this.</summary>
    private static readonly TimeSpan ShortestLength = TimeSpan.FromMilliseconds(200);

    /// <param name="span">How long the clients work; every fault is over by then.</param>
    public static FaultSchedule Generate(FaultMix mix, int seed, TimeSpan span)
    {
        if (mix.Shares.Count == 0)
        {
            return FaultSchedule.Empty;
        }

        var random = new Random(seed);
        var faults = new List<PlannedFault>();
        for (var start = mix.Calm + Between(random, TimeSpan.Zero, mix.GapMin); start < span; start += Between(random, mix.GapMin, mix.GapMax))
        {
            var share = Draw(random, mix.Shares);
            var length = Between(random, mix.LengthMin, mix.LengthMax);
            length = start + length > span ? span - start : length;
            var under = faults.Count(fault => fault.Start + fault.Length > start);
            if (under < mix.AtOnce && length >= ShortestLength)
            {
                faults.Add(new PlannedFault(share.Kind, share.Target, start, length, share.Amount));
            }
        }

        return new FaultSchedule(faults);
    }

    private static FaultShare Draw(Random random, IReadOnlyList<FaultShare> shares)
    {
        var dice = random.Next(shares.Sum(share => share.Weight));
        foreach (var share in shares)
        {
            if ((dice -= share.Weight) < 0)
            {
                return share;
            }
        }

        return shares[^1];
    }

    /// <summary>In whole milliseconds, so that a schedule that was written down and read again is the same.</summary>
    private static TimeSpan Between(Random random, TimeSpan least, TimeSpan most) =>
        TimeSpan.FromMilliseconds(random.Next((int)least.TotalMilliseconds, Math.Max((int)least.TotalMilliseconds, (int)most.TotalMilliseconds) + 1));
}
