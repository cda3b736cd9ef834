using System.Collections.Concurrent;
using System.Globalization;
using Cluster.Engine.Port;

namespace Cluster.Engine.Actors;

/// <summary>The pending asks whose paths have been given away, under <c>/temp</c>: so that an answer from another node finds them.</summary>
internal sealed class PromiseTable(ActorSystem system)
{
    public const string Name = "temp";

    private static readonly ActorPath Root = ActorPath.Root.Child(Name);

    private readonly ConcurrentDictionary<ActorPath, PromiseRef> pending = new();
    private long last;

    public int Count => pending.Count;

    public ActorPath NextPath() =>
        Root.Child(string.Create(CultureInfo.InvariantCulture, $"${Interlocked.Increment(ref last)}"), system.NextUid());

    public void Add(PromiseRef promise, ActorPath path) => pending[path] = promise;

    public void Remove(ActorPath path) => pending.TryRemove(path, out _);

    public PromiseRef? Find(ActorPath path) => pending.GetValueOrDefault(path);
}
