using Cluster.Node.Resp.Protocol;
using Cluster.Shared.Wire;

namespace Cluster.Node.Resp.Commands;

/// <summary>Expiry times as Redis checks them: positive, and far enough from overflow that the clock can be added.</summary>
internal static class Expiry
{
    /// <summary>Room left for "now" in a signed 64-bit count of milliseconds: until about the year 10,000.</summary>
    private const long ClockRoom = 253_402_300_800_000;

    /// <summary>Reads EX, PX, EXAT or PXAT and its number into a command's expiry.</summary>
    /// <param name="name">The command, for the error.</param>
    /// <returns>What is wrong, or null.</returns>
    public static string? ReadOption(in RespArguments arguments, ref int index, KvCommand command, string name)
    {
        var after = arguments.Is(index, "EX"u8) || arguments.Is(index, "PX"u8);
        var at = arguments.Is(index, "EXAT"u8) || arguments.Is(index, "PXAT"u8);
        if ((!after && !at) || index + 1 >= arguments.Count)
        {
            return ErrorReplies.Syntax;
        }

        var unitMs = (arguments[index][0] | 0x20) == 'p' ? 1 : 1000;
        if (!arguments.TryInteger(++index, out var amount))
        {
            return ErrorReplies.NotAnInteger;
        }

        if (!(after ? TryAfter(amount, unitMs, out var ms) : TryAt(amount, unitMs, out ms)))
        {
            return ErrorReplies.InvalidExpiry(name);
        }

        command.Expiry = after ? KvExpiry.After : KvExpiry.At;
        command.ExpiryMs = ms;
        return null;
    }

    /// <summary>A life from now on.</summary>
    public static bool TryAfter(long amount, long unitMs, out long ms)
    {
        ms = 0;
        if (amount <= 0 || amount > (long.MaxValue - ClockRoom) / unitMs)
        {
            return false;
        }

        ms = amount * unitMs;
        return true;
    }

    /// <summary>A point in Unix time.</summary>
    public static bool TryAt(long amount, long unitMs, out long ms)
    {
        ms = 0;
        if (amount <= 0 || amount > long.MaxValue / unitMs)
        {
            return false;
        }

        ms = amount * unitMs;
        return true;
    }
}
