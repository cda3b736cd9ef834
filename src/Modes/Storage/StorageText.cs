using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Cluster.Modes.Storage;

/// <summary>Keys and values of storage modes are text; what comes over a door as bytes is read here, and is refused where it is none: put into text by force, two keys could become one.</summary>
public static class StorageText
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>False where the bytes are no UTF-8.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out string? text)
    {
        try
        {
            text = Strict.GetString(bytes);
            return true;
        }
        catch (DecoderFallbackException)
        {
            text = null;
            return false;
        }
    }
}
