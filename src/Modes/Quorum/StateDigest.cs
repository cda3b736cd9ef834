using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Cluster.Modes.Quorum;

/// <summary>A key with its state in 64 bits. Values are not in it: a tag or a dot names one value for good.</summary>
internal static class StateDigest
{
    /// <summary>Of a key that nobody ever wrote: adds nothing to a tree.</summary>
    public const ulong None = 0;

    public static ulong Of(string key, KeyState state)
    {
        if (state.Equals(KeyState.None))
        {
            return None;
        }

        var text = new StringBuilder(key).Append('\n');
        Append(text, state.Floor).Append('\n');
        Append(text, state.Superseded).Append('\n');
        foreach (var version in state.Dotted)
        {
            Append(text.Append(CultureInfo.InvariantCulture, $"{version.Stay}:{version.Sequence}="), version.Tag).Append('\n');
        }

        foreach (var dot in state.Dots)
        {
            text.Append(CultureInfo.InvariantCulture, $"{dot.Stay}:{dot.Sequence}\n");
        }

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString()), hash);
        return BinaryPrimitives.ReadUInt64BigEndian(hash);
    }

    private static StringBuilder Append(StringBuilder text, Tag? tag) => tag is null ? text : text.Append(CultureInfo.InvariantCulture, $"{tag.Counter}@{tag.Node}/{tag.Write}");
}
