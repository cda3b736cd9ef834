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
        var alone = TimeSpan.Zero;
        for (var start = Calm(mix, span) + Between(random, TimeSpan.Zero, mix.GapMin); start < span; start += Between(random, mix.GapMin, mix.GapMax))
        {
            var share = Draw(random, mix.Shares);
            var length = Between(random, mix.LengthMin, mix.LengthMax);
            start = Latest(start, alone, StandsAlone(share) ? End(faults) : TimeSpan.Zero, mix.Rest > TimeSpan.Zero && faults.Count > 0 ? End(faults) + mix.Rest : TimeSpan.Zero);
            if (start >= span)
            {
                break;
            }

            length = start + length > span ? span - start : length;
            var under = faults.Count(fault => fault.Start + fault.Length > start);
            if (under < mix.AtOnce && length >= ShortestLength && !(share.Kind == FaultType.BitFlip && faults.Exists(fault => fault.Kind == FaultType.BitFlip)))
            {
                faults.Add(new PlannedFault(share.Kind, share.Target, start, length, share.Amount));
                alone = StandsAlone(share) ? start + length : alone;
            }
        }

        return new FaultSchedule(faults);
    }

    /// <summary>A long calm is half of a short run at most, so that it has its faults, too; the nodes' own time to begin is left to them.</summary>
    private static TimeSpan Calm(FaultMix mix, TimeSpan span)
    {
        var most = Latest(FaultMix.None.Calm, span / 2);
        return mix.Calm < most ? mix.Calm : most;
    }

    /// <summary>
    /// What ends most processes stands alone: there is nobody left whom another fault could strike meanwhile. So does a damaged disk, and there is one in a schedule: its node is replaced, for which the others must agree
    /// and copy what it had, and two lost disks are more than three copies bear.
    /// </summary>
    private static bool StandsAlone(FaultShare share) => share is { Kind: FaultType.BitFlip } or { Kind: FaultType.Kill or FaultType.PowerLoss or FaultType.Restart, Target: FaultRole.All or FaultRole.Majority };

    private static TimeSpan End(List<PlannedFault> faults) => faults.Count == 0 ? TimeSpan.Zero : faults.Max(fault => fault.Start + fault.Length);

    private static TimeSpan Latest(params ReadOnlySpan<TimeSpan> times)
    {
        var latest = times[0];
        foreach (var time in times)
        {
            latest = time > latest ? time : latest;
        }

        return latest;
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
