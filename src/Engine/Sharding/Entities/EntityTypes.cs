using System.Text;
using Cluster.Engine.Port;
using Cluster.Shared.Ids;

namespace Cluster.Engine.Sharding.Entities;

/// <summary>
/// The entity types that a node was started with, each with its machine number: the FNV-1a hash (32 bits) of the name's UTF-8, moved above
/// <see cref="FirstMachine"/>. So it is the same on every node, whatever order they name their types in; two names with one number are refused at start.
/// </summary>
internal sealed class EntityTypes
{
    /// <summary>The lowest machine number of an entity type; those below are the engine's own machines.</summary>
    public const uint FirstMachine = 16;

    private readonly SortedDictionary<uint, EntityType> byMachine = [];
    private readonly EntityBoard board;

    /// <exception cref="ArgumentException">Two types have one name, or names with one number.</exception>
    public EntityTypes(IReadOnlyList<EntityType> types, EntityBoard board)
    {
        this.board = board;
        foreach (var type in types)
        {
            if (!byMachine.TryAdd(MachineOf(type.Name), type))
            {
                var other = byMachine[MachineOf(type.Name)].Name;
                throw new ArgumentException(other == type.Name
                    ? $"entity type '{type.Name}' is given twice"
                    : $"entity types '{other}' and '{type.Name}' have the same number, {MachineOf(type.Name)}: rename the newer one");
            }
        }
    }

    /// <summary>All of them, by ascending number.</summary>
    public IEnumerable<EntityType> All => byMachine.Values;

    public bool Contains(EntityType type) => byMachine.TryGetValue(MachineOf(type.Name), out var known) && ReferenceEquals(known, type);

    public static uint MachineOf(string name)
    {
        var hash = 2166136261u;
        foreach (var b in Encoding.UTF8.GetBytes(name))
        {
            hash = (hash ^ b) * 16777619u;
        }

        return Math.Max(hash, FirstMachine);
    }

    /// <summary>A machine of each type for one shard.</summary>
    public IEnumerable<IShardMachine> NewMachines(ShardId shard)
    {
        foreach (var (number, type) in byMachine)
        {
            yield return type.Accept(new MachineMaker(number, counts => board.Post(type.Name, shard, counts)));
        }
    }

    private sealed class MachineMaker(uint number, Action<EntityCounts> report) : IEntityTypeVisitor<IShardMachine>
    {
        public IShardMachine Visit<TState, TCommand, TEvent>(EntityType<TState, TCommand, TEvent> type)
            where TState : notnull
            where TCommand : class
            where TEvent : class => new EntityMachine<TState, TCommand, TEvent>(type, number, report);
    }
}
