using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Cluster.Engine.Port;
using Cluster.Modes.Storage;
using Cluster.Shared.Slots;

namespace Cluster.Modes.CapTunable;

/// <summary>
/// A share of the keys, as one entity, whose writes are numbered. The number is what a session remembers of it, and by which a replica says how far it is: keys are few numbers, not one each.
/// </summary>
public sealed class PartitionCore : IDecider<PartitionState, PartitionCommand, KeyChanged>
{
    /// <summary>Partitions: a token names each at most once, so it stays short; and each is a queue of its own on every node, so there must be some.</summary>
    public const int Count = 32;

    /// <summary>Bytes of its JSON from which on a partition takes nothing that makes it grow; over what an entity may hold it could not even take a deletion.</summary>
    public const long MaxBytes = EntityLimits.MaxStateBytes / 4 * 3;

    /// <summary>Names, numbers and marks of a key in JSON.</summary>
    private const int KeyBytes = 128;

    public static readonly EntityType<PartitionState, PartitionCommand, KeyChanged> Type =
        new EntityType<PartitionState, PartitionCommand, KeyChanged>("cap-tunable-partition", new PartitionCore(), 1, CapTunableJson.Default.PartitionState)
            .Message("write", 1, CapTunableJson.Default.WriteKey)
            .Message("compare", 1, CapTunableJson.Default.CompareKey)
            .Message("read", 1, CapTunableJson.Default.ReadKey)
            .Message("read-position", 1, CapTunableJson.Default.ReadPosition)
            .Message("written", 1, CapTunableJson.Default.KeyWritten)
            .Message("value", 1, CapTunableJson.Default.KeyRead)
            .Message("changed", 1, CapTunableJson.Default.KeyChanged);

    public PartitionState Empty { get; } = new(0, ImmutableSortedDictionary.Create<string, StoredKey>(StringComparer.Ordinal), 0);

    /// <summary>The partition of a key, from 0.</summary>
    public static int Of(string key) => HashSlot.Of(Encoding.UTF8.GetBytes(key)) % Count;

    /// <summary>The entity of a partition.</summary>
    public static string IdOf(int partition) => string.Create(CultureInfo.InvariantCulture, $"p{partition}");

    public Decided<KeyChanged> Decide(PartitionState state, PartitionCommand command, EntityContext context) => command switch
    {
        WriteKey write => Change(state, write.Key, write.Value, write.Seen),
        CompareKey compare when ValueOf(state, compare.Key) != compare.Expected => Decided<KeyChanged>.Answer(new KeyWritten(state.Position, IsConflict: true)),
        CompareKey compare => Change(state, compare.Key, compare.Value, compare.Seen),
        ReadKey read => Decided<KeyChanged>.Answer(state.Keys.TryGetValue(read.Key, out var stored) ? new KeyRead(state.Position, stored.Written, stored.Value, stored.Seen) : new KeyRead(state.Position)),
        ReadPosition => Decided<KeyChanged>.Answer(new KeyRead(state.Position)),
        _ => Decided<KeyChanged>.Refuse($"a partition has no command {command.GetType().Name}"),
    };

    /// <summary>What was taken away leaves nothing: a deletion is a write of the partition, numbered as any, so no older value can come back.</summary>
    public PartitionState Apply(PartitionState state, KeyChanged @event) => new(
        state.Position + 1,
        @event.Value is null ? state.Keys.Remove(@event.Key) : state.Keys.SetItem(@event.Key, new StoredKey(@event.Value, state.Position + 1, @event.Seen)),
        state.Bytes + Growth(state, @event));

    private static Decided<KeyChanged> Change(PartitionState state, string key, string? value, string? seen)
    {
        var change = new KeyChanged(key, value, seen);
        return Growth(state, change) is var more and > 0 && state.Bytes + more > MaxBytes
            ? Decided<KeyChanged>.Refuse($"the partition of {key} would have {state.Bytes + more} bytes, and holds {MaxBytes}: delete keys of it first")
            : Decided<KeyChanged>.Accept(change).With(new KeyWritten(state.Position + 1));
    }

    private static long Growth(PartitionState state, KeyChanged change) =>
        (change.Value is null ? 0 : SizeOf(change.Key, change.Value, change.Seen)) - (state.Keys.TryGetValue(change.Key, out var stored) ? SizeOf(change.Key, stored.Value, stored.Seen) : 0);

    private static long SizeOf(string key, string? value, string? seen) => KeyBytes + JsonLength.Of(key) + JsonLength.Of(value) + JsonLength.Of(seen);

    private static string? ValueOf(PartitionState state, string key) => state.Keys.GetValueOrDefault(key)?.Value;
}
