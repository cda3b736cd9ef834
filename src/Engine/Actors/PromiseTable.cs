using System.Collections.Concurrent;
using System.Globalization;
using Cluster.Engine.Port;

namespace Cluster.Engine.Actors;

/// <summary>
/// The pending asks whose paths have been given away, under <c>/temp</c>: so that an answer from another node finds them. Every ask to another node has a path
/// of its own, seen once: it is found by its number, without the parsing and the remembering that pay for actors.
/// </summary>
internal sealed class PromiseTable(ActorSystem system)
{
    public const string Name = "temp";

    /// <summary>What every path in here begins with.</summary>
    public const string Prefix = "/" + Name + "/$";

    private readonly ConcurrentDictionary<long, PromiseRef> pending = new();
    private readonly string wirePrefix = system.Address is { } address ? ActorPath.Root.WithAddress(address).ToString().TrimEnd('/') + Prefix : Prefix;
    private long last;

    public int Count => pending.Count;

    public PromiseId NextId() => new(Interlocked.Increment(ref last), system.NextUid());

    public static ActorPath PathOf(PromiseId id) => ActorPath.Root.Child(Name).Child(string.Create(CultureInfo.InvariantCulture, $"${id.Number}"), id.Uid);

    /// <summary>The path as another node reads it.</summary>
    public string WirePathOf(PromiseId id) => string.Create(CultureInfo.InvariantCulture, $"{wirePrefix}{id.Number}#{id.Uid}");

    public void Add(PromiseRef promise, PromiseId id) => pending[id.Number] = promise;

    public void Remove(PromiseId id) => pending.TryRemove(id.Number, out _);

    /// <summary>The pending ask with this path, without a node in it; null when it names none, or one of another life.</summary>
    public PromiseRef? Find(ReadOnlySpan<char> path) =>
        TryRead(path, out var number, out var uid) && pending.GetValueOrDefault(number) is { } promise && (uid == 0 || promise.HasUid(uid)) ? promise : null;

    /// <summary>Whether the text is such a path; without <c>#</c> and uid any life is meant, as everywhere.</summary>
    public static bool TryRead(ReadOnlySpan<char> path, out long number, out long uid)
    {
        (number, uid) = (0, 0);
        if (!path.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return false;
        }

        var rest = path[Prefix.Length..];
        var hash = rest.IndexOf('#');
        return hash < 0
            ? TryReadNumber(rest, out number)
            : TryReadNumber(rest[..hash], out number) && TryReadNumber(rest[(hash + 1)..], out uid);
    }

    private static bool TryReadNumber(ReadOnlySpan<char> text, out long number) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
