using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;

namespace Cluster.Modes.Quorum;

/// <summary>
/// Consistent hashing with virtual nodes (Karger et al. 1997; Dynamo, sections 4.2 and 4.3): every member has many points on a ring of 64-bit numbers, and a key's copies are on the first distinct members clockwise
/// from its own point. A member that comes or goes moves only the keys next to its points. Placement goes by who is a member, not by who can be reached, so it does not flap.
/// </summary>
internal sealed class HashRing
{
    /// <summary>Points of one member: the shares of a few members then differ by some ten percent, and a ring of hundreds of members is still made in milliseconds.</summary>
    public const int PointsEach = 64;

    private readonly ulong[] points;
    private readonly string[] owners;
    private readonly ImmutableArray<string>?[] orders;

    public HashRing(IEnumerable<string> members)
    {
        Members = [.. members.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        var placed = Members.SelectMany(member => Enumerable.Range(0, PointsEach).Select(point => (At: PointOf(FormattableString.Invariant($"{member}#{point}")), Member: member)))
            .OrderBy(point => point.At).ThenBy(point => point.Member, StringComparer.Ordinal).ToList();
        points = [.. placed.Select(point => point.At)];
        owners = [.. placed.Select(point => point.Member)];
        orders = new ImmutableArray<string>?[points.Length];
        Id = Members.IsEmpty ? 0 : PointOf(string.Join('\n', Members));
    }

    /// <summary>In the order of their names.</summary>
    public ImmutableArray<string> Members { get; }

    /// <summary>The same on every node that knows the same members: who asks and who is asked must mean the same copies. 0 for none.</summary>
    public ulong Id { get; }

    /// <summary>Where a text stands on the ring.</summary>
    public static ulong PointOf(string text)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(text), hash);
        return BinaryPrimitives.ReadUInt64BigEndian(hash);
    }

    /// <summary>All members in the order in which they are to have the key: the first few have its copies, the others stand in for them.</summary>
    public ImmutableArray<string> Order(string key)
    {
        if (points.Length == 0)
        {
            return [];
        }

        var at = Array.BinarySearch(points, PointOf(key));
        var first = (at < 0 ? ~at : at) % points.Length;
        return orders[first] ??= Walk(first);
    }

    /// <summary>The members that have a copy of the key: the preference list's head.</summary>
    public ImmutableArray<string> Preferred(string key) => Order(key) is var order && order.Length > QuorumDial.Copies ? order[..QuorumDial.Copies] : order;

    private ImmutableArray<string> Walk(int first)
    {
        var order = ImmutableArray.CreateBuilder<string>(Members.Length);
        for (var step = 0; step < points.Length && order.Count < Members.Length; step++)
        {
            if (owners[(first + step) % points.Length] is var owner && !order.Contains(owner))
            {
                order.Add(owner);
            }
        }

        return order.ToImmutable();
    }
}
