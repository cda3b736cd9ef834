using Cluster.Engine.Port;

namespace Cluster.Modes.Sharded.Map;

/// <summary>One actor's way to the shard maps: one command a table at a time, since each is answered by the whole map, and a map that is wanted until one of that epoch has come.</summary>
/// <param name="region">Of the maps.</param>
internal sealed class MapAccess(IShardRegion region, Func<IActorRef> self)
{
    private readonly Dictionary<string, long> wanted = new(StringComparer.Ordinal);
    private readonly HashSet<string> asked = new(StringComparer.Ordinal);

    /// <summary>Whether anything is wanted that has not come.</summary>
    public bool IsWaiting => wanted.Count > 0;

    /// <summary>Asks for a map of at least that epoch, unless it is known.</summary>
    public void Want(string table, long epoch, long known = 0)
    {
        if (epoch > known)
        {
            wanted[table] = Math.Max(epoch, wanted.GetValueOrDefault(table));
            Send(table, new ReadMap());
        }
    }

    /// <summary>Sends a command, unless one is under way: then whoever sends has it sent again when the map comes, or with the next round.</summary>
    public void Send(string table, MapCommand command)
    {
        if (asked.Add(table))
        {
            region.Tell(new ToEntity(table, command), self());
        }
    }

    /// <summary>The next round: what is wanted and not under way is asked for again.</summary>
    public void SendWanted()
    {
        foreach (var table in wanted.Keys.ToList())
        {
            Send(table, new ReadMap());
        }
    }

    public void Answered(ShardMap map)
    {
        asked.Remove(map.Table);
        if (map.Epoch >= wanted.GetValueOrDefault(map.Table))
        {
            wanted.Remove(map.Table);
        }
    }

    /// <summary>Some command was not answered, and it is not said which.</summary>
    public void NotAnswered() => asked.Clear();
}
