using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;

namespace Cluster.Modes.DistributedDatabase.Transactions;

/// <summary>
/// A client's id of a transaction together with what it asks for, as one text: by the id its outcome is found, and by the rest it is known whether the same is asked for again. An id that is used for something
/// else must not be told what came of the first.
/// </summary>
internal static class RequestName
{
    /// <summary>Stands before the rest; an id may have it, too, so the last one counts.</summary>
    private const char Before = '\n';

    /// <summary>Bytes of the hash that are kept: two requests of one id are told apart but for one in 2^64.</summary>
    private const int HashBytes = 8;

    public static string Of(string id, ImmutableArray<Step> steps, string isolation)
    {
        var hash = SHA256.HashData([.. JsonSerializer.SerializeToUtf8Bytes(steps, DatabaseJson.Default.ImmutableArrayStep), .. System.Text.Encoding.UTF8.GetBytes(isolation)]);
        return $"{id}{Before}{Convert.ToHexStringLower(hash.AsSpan(0, HashBytes))}";
    }

    /// <summary>The client's own id.</summary>
    public static string IdOf(string request) => request.LastIndexOf(Before) is >= 0 and var at ? request[..at] : request;

    /// <summary>Whether two requests have one id and ask for different things. One without the rest (from before it was kept) is taken for the same.</summary>
    public static bool Contradict(string one, string other) => one != other && one.Contains(Before) && other.Contains(Before) && IdOf(one) == IdOf(other);
}
