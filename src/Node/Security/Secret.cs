using System.Security.Cryptography;
using System.Text;

namespace Cluster.Node.Security;

/// <summary>A password or token, kept as a hash and compared in constant time: how long the answer takes tells nothing of it, not even its length.</summary>
internal sealed class Secret(string text)
{
    private readonly byte[] expected = SHA256.HashData(Encoding.UTF8.GetBytes(text));

    public bool Is(ReadOnlySpan<byte> given)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(given, hash);
        return CryptographicOperations.FixedTimeEquals(hash, expected);
    }
}
