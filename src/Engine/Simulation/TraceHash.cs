using System.Runtime.InteropServices;
using System.Runtime.CompilerServices;

namespace Cluster.Engine.Simulation;

/// <summary>
/// A rolling hash of what happened in a run, in order: equal in every process for equal runs, and different for different ones but for one in billions. Not for
/// anything that an adversary chooses.
/// </summary>
internal struct TraceHash
{
    // Odd numbers without a pattern: the golden ratio's bits, and one of MurmurHash3's finalizer.
    private const ulong Spread = 0x9E3779B97F4A7C15;
    private const ulong Blend = 0xFF51AFD7ED558CCD;

    private ulong state;

    /// <summary>Of all that was added so far.</summary>
    public readonly ulong Value => Finish(state);

    public static ulong Of(ReadOnlySpan<byte> bytes, ulong seed)
    {
        var hash = new TraceHash { state = seed };
        hash.Add(bytes);
        return hash.Value;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(ulong word) => state = (ulong.RotateLeft(state, 27) ^ (word * Spread)) * Blend;

    public void Add(ReadOnlySpan<byte> bytes)
    {
        Add((ulong)bytes.Length);
        var words = MemoryMarshal.Cast<byte, ulong>(bytes);
        foreach (var word in words)
        {
            Add(word);
        }

        if (words.Length > 0)
        {
            Add(MemoryMarshal.Read<ulong>(bytes[^sizeof(ulong)..])); // Again in part, where they are no whole words: the length above says so.
            return;
        }

        var few = 0UL;
        foreach (var octet in bytes)
        {
            few = (few << 8) | octet;
        }

        Add(few);
    }

    private static ulong Finish(ulong value)
    {
        value = (value ^ (value >> 33)) * Blend;
        return value ^ (value >> 33);
    }
}
