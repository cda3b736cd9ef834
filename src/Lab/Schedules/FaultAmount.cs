using System.Globalization;
using Cluster.Lab.Faults;
using Cluster.Shared.Scenarios;

namespace Cluster.Lab.Schedules;

/// <summary>How much of a fault: what each kind takes, and what it is where nobody says.</summary>
public static class FaultAmount
{
    private const int UsualDelayMs = 60;
    private const double UsualPercent = 20;
    private const long UsualBytesPerSecond = 64_000;
    private const int UsualFlushMs = 40;
    private const int UsualSkewMs = 2_000;
    private const double UsualRate = 1.03;

    /// <summary>A clock that runs at half or twice its rate is broken enough for anything.</summary>
    private const double RateMin = 0.5;
    private const double RateMax = 2;

    public static int DelayMs(PlannedFault fault) => fault.Amount is { } amount ? Quantity.Milliseconds(amount) : UsualDelayMs;

    public static double Percent(PlannedFault fault) => fault.Amount is { } amount ? Quantity.Percent(amount) : UsualPercent;

    public static long BytesPerSecond(PlannedFault fault) => fault.Amount is { } amount ? Quantity.BytesPerSecond(amount) : UsualBytesPerSecond;

    public static int FlushMs(PlannedFault fault) => fault.Amount is { } amount ? Quantity.Milliseconds(amount) : UsualFlushMs;

    public static int SkewMs(PlannedFault fault) =>
        fault.Amount is not { } amount ? UsualSkewMs : amount.StartsWith('-') ? -Quantity.Milliseconds(amount[1..]) : Quantity.Milliseconds(amount);

    public static double Rate(PlannedFault fault) => fault.Amount is not { } amount ? UsualRate
        : double.TryParse(amount, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var rate) && rate is >= RateMin and <= RateMax ? rate
        : throw new FormatException($"'{amount}' is no rate of a clock: write {RateMin} to {RateMax}, for example 1.03");

    /// <exception cref="FormatException">The amount is none of that kind, or so little that nothing would happen.</exception>
    public static void Check(PlannedFault fault)
    {
        var harm = fault.Kind switch
        {
            FaultType.Delay => DelayMs(fault),
            FaultType.Loss or FaultType.Duplicate or FaultType.Reorder => Percent(fault),
            FaultType.Throttle => BytesPerSecond(fault),
            FaultType.SlowDisk => FlushMs(fault),
            FaultType.ClockSkew => SkewMs(fault),
            FaultType.ClockDrift => Rate(fault) - 1,
            _ when fault.Amount is not null => throw new FormatException($"{ScheduleNames.Of(fault.Kind)} takes no amount"),
            _ => 1,
        };
        if (harm == 0)
        {
            throw new FormatException($"{ScheduleNames.Of(fault.Kind)} of {fault.Amount} changes nothing, so it could not be shown to have happened");
        }
    }

    /// <summary>A time of a schedule; null if it is none. Longer than a link's delay may be, so not by <see cref="Quantity.Milliseconds"/>.</summary>
    public static TimeSpan? ParseTime(string text)
    {
        foreach (var (suffix, factor) in new[] { ("ms", 0.001), ("s", 1), ("m", 60), ("h", 3600) })
        {
            if (text.EndsWith(suffix, StringComparison.Ordinal)
                && double.TryParse(text.AsSpan(0, text.Length - suffix.Length), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number is >= 0 and < 1e6)
            {
                // To the tick next to it: 1.009 s is a little less than that as a binary number.
                return TimeSpan.FromTicks((long)Math.Round(number * factor * TimeSpan.TicksPerSecond));
            }
        }

        return null;
    }
}
