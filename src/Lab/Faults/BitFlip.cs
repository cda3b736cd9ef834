using System.Globalization;

namespace Cluster.Lab.Faults;

/// <summary>
/// Damages the data of a node that does not run: one bit of a record in its log flips, as on a bad disk. The place is in the first half of what is written, so
/// that good records follow it: the node must find the damage, and refuse to start on it.
/// </summary>
public sealed record BitFlip(string File, long Offset, int Bit)
{
    public const string LogFolder = "wal";

    /// <summary>The header of a log's file, which has a checksum of its own; records stand behind it.</summary>
    private const int HeaderBytes = 4096;

    /// <param name="data">The node's data directory.</param>
    /// <param name="random">Chooses the place.</param>
    /// <exception cref="LabException">There is no log, or nothing is written in it yet.</exception>
    public static BitFlip Make(string data, Random random)
    {
        var folder = Path.Combine(data, LogFolder);
        var newest = Directory.Exists(folder) ? Directory.GetFiles(folder, "*.wal").Max(StringComparer.Ordinal) : null;
        if (newest is null)
        {
            throw new LabException($"there is no log in {folder}: nothing to damage");
        }

        using var file = System.IO.File.Open(newest, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        var flip = Choose(newest, bytes, random);
        file.Position = flip.Offset;
        file.WriteByte((byte)(bytes[flip.Offset] ^ (1 << flip.Bit)));
        return flip;
    }

    /// <summary>The place alone, in a log's file whose bytes these are.</summary>
    /// <exception cref="LabException">Nothing is written in it yet.</exception>
    public static BitFlip Choose(string file, byte[] bytes, Random random)
    {
        var written = bytes.AsSpan().TrimEnd((byte)0).Length;
        var candidates = Enumerable.Range(HeaderBytes, Math.Max(0, (written - HeaderBytes) / 2)).Where(at => bytes[at] != 0).ToArray();
        return candidates.Length > 0
            ? new BitFlip(file, candidates[random.Next(candidates.Length)], random.Next(8))
            : throw new LabException($"{file} holds no records yet: nothing to damage");
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"bit {Bit} of byte {Offset} in {File}");
}
