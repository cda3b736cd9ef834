using System.Collections.Immutable;
using Cluster.Engine.Port;

namespace Cluster.Engine.Sharding.Entities;

/// <summary>Snapshots: every entity as its bytes, in ordinal order of id.</summary>
internal sealed partial class EntityMachine<TState, TCommand, TEvent>
{
    /// <summary>Longest state that a snapshot may hold, in bytes: above <see cref="EntityLimits.MaxStateBytes"/> by what was proposed before its growth was seen.</summary>
    private const int MaxStoredBytes = 256 * 1024 * 1024;

    public IMachineSnapshot TakeSnapshot()
    {
        SaveAll();
        return new Snapshot(stored);
    }

    public void Restore(Stream stream)
    {
        live.Clear();
        byUse.Clear();
        unsaved.Clear();
        proposed.Clear();
        (proposedNew, hash, bytes) = (0, 0, 0);
        using var reader = new BinaryReader(stream, System.Text.Encoding.UTF8, leaveOpen: true);
        var count = reader.Read7BitEncodedInt();
        SnapshotFormat.Require(count is >= 0 and <= EntityLimits.MaxEntitiesPerShard, $"entities of type '{type.Name}'", count);
        var builder = ImmutableSortedDictionary.CreateBuilder<string, StoredEntity>(StringComparer.Ordinal);
        for (var i = 0; i < count; i++)
        {
            var id = reader.ReadString();
            SnapshotFormat.Require(EntityWire.WhyNotId(id) is null && builder.TryAdd(id, ReadEntity(reader, id)), $"entities of type '{type.Name}': bad or repeated id at place", i);
            hash += builder[id].Digest;
            bytes += builder[id].State.Length;
        }

        stored = builder.ToImmutable();
    }

    private StoredEntity ReadEntity(BinaryReader reader, string id)
    {
        var version = (uint)reader.Read7BitEncodedInt();
        SnapshotFormat.Require(type.KnowsState(version), $"this program does not know the version of the states of entity type '{type.Name}'", version);
        var length = reader.Read7BitEncodedInt();
        SnapshotFormat.Require(length is >= 0 and <= MaxStoredBytes, $"bytes of a state of entity type '{type.Name}'", length);
        return StoredEntity.Of(id, version, SnapshotFormat.ReadExactly(reader, length));
    }

    private sealed class Snapshot(ImmutableSortedDictionary<string, StoredEntity> entities) : IMachineSnapshot
    {
        public void WriteTo(Stream stream)
        {
            using var writer = new BinaryWriter(stream, System.Text.Encoding.UTF8, leaveOpen: true);
            writer.Write7BitEncodedInt(entities.Count);
            foreach (var (id, entity) in entities)
            {
                writer.Write(id);
                writer.Write7BitEncodedInt((int)entity.Version);
                writer.Write7BitEncodedInt(entity.State.Length);
                writer.Write(entity.State);
            }
        }

        public void Dispose()
        {
        }
    }
}
