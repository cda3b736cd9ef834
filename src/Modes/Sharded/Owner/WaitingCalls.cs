using Cluster.Engine.Port;

namespace Cluster.Modes.Sharded.Owner;

/// <summary>Calls that wait for a newer map or the end of a move: they are not answered by an error that a moment later would be none.</summary>
internal sealed class WaitingCalls
{
    /// <summary>More are dropped, and sent again by their routers.</summary>
    public const int Most = 10_000;

    /// <summary>A call that is sent again takes its own place.</summary>
    private readonly Dictionary<(string Client, long Number), (ShardCall Call, IActorRef Router)> calls = [];

    public int Count => calls.Count;

    public void Add(ShardCall call, IActorRef router)
    {
        if (calls.Count < Most)
        {
            calls[(call.Client, call.Number)] = (call, router);
        }
    }

    /// <summary>Takes those of a table out, in the order of their numbers.</summary>
    public IReadOnlyList<(ShardCall Call, IActorRef Router)> Take(string table)
    {
        var taken = calls.Values.Where(one => one.Call.Table == table).OrderBy(one => one.Call.Number).ToList();
        foreach (var (call, _) in taken)
        {
            calls.Remove((call.Client, call.Number));
        }

        return taken;
    }
}
