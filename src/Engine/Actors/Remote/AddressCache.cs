using System.Collections.Concurrent;
using Cluster.Engine.Port;

namespace Cluster.Engine.Actors.Remote;

/// <summary>Remembers which node the front of a path stood for (<c>cluster://n1@127.0.0.1:4053</c>), so that it is parsed once.</summary>
internal sealed class AddressCache
{
    /// <summary>Far above any cluster's nodes, in all their lives; beyond it, what comes from elsewhere is parsed each time.</summary>
    private const int Capacity = 1_000;

    private readonly ConcurrentDictionary<string, ActorAddress> addresses = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, ActorAddress>.AlternateLookup<ReadOnlySpan<char>> byText;
    private int count;

    public AddressCache() => byText = addresses.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Null when the text does not name a node.</summary>
    public ActorAddress? Find(ReadOnlySpan<char> text)
    {
        if (byText.TryGetValue(text, out var known))
        {
            return known;
        }

        if (!ActorPath.TryParse(string.Concat(text, "/"), out var path) || path.Address is not { } address)
        {
            return null;
        }

        if (Interlocked.Increment(ref count) <= Capacity)
        {
            addresses[text.ToString()] = address;
        }

        return address;
    }
}
