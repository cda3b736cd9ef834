using System.Security.Cryptography;
using System.Text;

namespace Cluster.Node.Http;

/// <summary>The admin token. Compared by hash and in constant time: how long the answer takes tells nothing of the token, not even its length.</summary>
internal sealed class AdminToken(string token)
{
    private const string Scheme = "Bearer ";

    private readonly byte[] expected = SHA256.HashData(Encoding.UTF8.GetBytes(token));

    /// <param name="authorization">The Authorization header's value.</param>
    public bool Admits(string authorization)
    {
        if (!authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        var given = SHA256.HashData(Encoding.UTF8.GetBytes(authorization[Scheme.Length..].Trim()));
        return CryptographicOperations.FixedTimeEquals(given, expected);
    }
}
