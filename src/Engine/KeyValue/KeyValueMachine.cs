using Cluster.Engine.Sharding;
using Cluster.Shared.KeyValue;
using Cluster.Shared.Wire;
using Google.Protobuf;

namespace Cluster.Engine.KeyValue;

/// <summary>
/// The key-value store of one shard as a replicated machine. Every write event has the shard's next revision, which its key keeps. A key past its deadline
/// is gone only when the log says so: the first leader that meets it logs an event, and from then on it is gone on every replica, whatever their clocks say.
/// </summary>
internal sealed partial class KeyValueMachine : IShardMachine
{
    /// <summary>The machine's number in every shard.</summary>
    public const uint Id = 1;

    private readonly KeyValueOverlay overlay = new();
    private KeyValueState state = new();

    public uint Machine => Id;

    public ulong StateHash => state.Hash;

    public long StateBytes => state.Bytes;

    /// <summary>Keys in the applied state, those past their deadline and not yet expired by an event among them.</summary>
    public int Count => state.Keys.Count;

    /// <summary>Revision of the last applied write event; 0 before the first.</summary>
    public ulong Revision => state.Revision;

    public MachineDecision Decide(ByteString command, long nowUnixMs)
    {
        if (!KeyValueRules.TryRead(command, out var parsed, out var refusal))
        {
            return MachineDecision.Refused(refusal.ToBytes());
        }

        var draft = Draft(nowUnixMs);
        var reply = Decide(parsed, draft);
        if (reply.Status == KvStatus.BadCommand || (parsed.Op == KvOp.Batch && reply.Status == KvStatus.TooLarge))
        {
            // Whatever was drafted on the way there (an expired key, the first part of a batch) is dropped.
            return MachineDecision.Refused(reply.ToBytes());
        }

        if (draft.Count > 0)
        {
            return draft.ToDecision(reply.ToBytes());
        }

        return KvCommands.IsRead(parsed) ? MachineDecision.Read(reply.ToBytes()) : MachineDecision.Unchanged(reply.ToBytes());
    }

    public bool TryDecideDue(long nowUnixMs, int max, out MachineDecision decision)
    {
        var draft = Draft(nowUnixMs);
        ExpireDue(draft, max);
        decision = draft.Count == 0 ? default : draft.ToDecision(ByteString.Empty);
        return draft.Count > 0;
    }

    public void Proposed(ulong index, in MachineDecision decision) => overlay.Proposed(index, (KeyValueDraft)decision.Effects!);

    public void DropProposed() => overlay.Drop();

    public void Apply(ulong index, ByteString @event, long atUnixMs)
    {
        try
        {
            Apply(index, new KeyValueEvents(@event.Span));
        }
        catch (InvalidDataException broken)
        {
            throw new InvalidDataException($"Log entry {index} cannot be applied to the key-value store: {broken.Message}", broken);
        }

        overlay.Applied(index, state.Revision, state.Keys.Count);
    }

    private void Apply(ulong index, KeyValueEvents events)
    {
        if (events.FirstRevision != state.Revision + 1)
        {
            throw new InvalidDataException($"it was decided for revision {events.FirstRevision}; the store is at {state.Revision}");
        }

        while (events.MoveNext())
        {
            Apply(events, overlay.Take(index, events.Key));
        }
    }

    private void Apply(in KeyValueEvents change, KvRecord? decided)
    {
        var revision = state.NextRevision();
        switch (change.Kind)
        {
            case KvEventKind.Put:
                state.Set(Same(decided, change, revision) ? decided! : new KvRecord(change.Key.ToArray(), change.Value.ToArray(), revision, change.ExpiresAtMs));
                break;
            case KvEventKind.Appended:
                state.Set(KeyValueDraft.Appended(Standing(change), change.Value, revision));
                break;
            case KvEventKind.Patched:
                var patched = Standing(change);
                state.Set(new KvRecord(patched.Key, KeyValueDraft.Patched(patched.Value, change.Value, change.Offset), revision, patched.ExpiresAtMs));
                break;
            case KvEventKind.Cleared:
                state.Clear();
                break;
            case KvEventKind.ExpirySet:
                var old = Standing(change);
                state.Set(new KvRecord(old.Key, old.Value, revision, change.ExpiresAtMs));
                break;
            case KvEventKind.Delete or KvEventKind.Expired:
                if (!state.Remove(change.Key))
                {
                    throw Missing(change);
                }

                break;
            default:
                throw new InvalidDataException($"an event of unknown kind {(int)change.Kind}: written by a newer version");
        }
    }

    /// <summary>The log has the last word: what the leader kept is used only if it is what the log says, byte for byte.</summary>
    private static bool Same(KvRecord? decided, in KeyValueEvents change, ulong revision) => decided is not null && decided.Revision == revision
        && decided.ExpiresAtMs == change.ExpiresAtMs && change.Value.SequenceEqual(decided.Value);

    private KvRecord Standing(in KeyValueEvents change) => state.Keys.Find(change.Key) ?? throw Missing(change);

    private static InvalidDataException Missing(in KeyValueEvents change) => new($"{change.Kind} of a key of {change.Key.Length} bytes that is not there");

    private KeyValueDraft Draft(long nowUnixMs) => overlay.IsActive
        ? new KeyValueDraft(overlay.Revision, overlay.KeyCount, nowUnixMs)
        : new KeyValueDraft(state.Revision, state.Keys.Count, nowUnixMs);
}
