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
        if (!draft.IsEmpty)
        {
            return draft.ToDecision(reply.ToBytes());
        }

        if (reply.Status == KvStatus.BadCommand)
        {
            return MachineDecision.Refused(reply.ToBytes());
        }

        return KvCommands.IsRead(parsed.Op) ? MachineDecision.Read(reply.ToBytes()) : MachineDecision.Unchanged(reply.ToBytes());
    }

    public bool TryDecideDue(long nowUnixMs, int max, out MachineDecision decision)
    {
        var draft = Draft(nowUnixMs);
        ExpireDue(draft, max);
        decision = draft.IsEmpty ? default : draft.ToDecision(ByteString.Empty);
        return !draft.IsEmpty;
    }

    public void Proposed(ulong index, in MachineDecision decision) => overlay.Proposed(index, (KeyValueEffects)decision.Effects!);

    public void DropProposed() => overlay.Drop();

    public void Apply(ulong index, ByteString @event, long atUnixMs)
    {
        KvEvents events;
        try
        {
            events = KvEvents.Parser.ParseFrom(@event.Span);
        }
        catch (InvalidProtocolBufferException broken)
        {
            throw new InvalidDataException($"Log entry {index} holds no key-value events: {broken.Message}", broken);
        }

        if (events.FirstRevision != state.Revision + 1)
        {
            throw new InvalidDataException($"Log entry {index} was decided for revision {events.FirstRevision}; the store is at {state.Revision}");
        }

        foreach (var change in events.Events)
        {
            Apply(index, change);
            overlay.Applied(index, change.Key.Span);
        }

        overlay.Applied(index, state.Revision, state.Keys.Count);
    }

    private void Apply(ulong index, KvEvent change)
    {
        var revision = state.NextRevision();
        switch (change.Kind)
        {
            case KvEventKind.Put:
                state.Set(new KvRecord(KeyBytes.ArrayOf(change.Key), KeyBytes.ArrayOf(change.Value), revision, change.ExpiresAtMs));
                break;
            case KvEventKind.Appended:
                state.Set(KeyValueDraft.Appended(Standing(index, change), change.Value.Span, revision));
                break;
            case KvEventKind.ExpirySet:
                var old = Standing(index, change);
                state.Set(new KvRecord(old.Key, old.Value, revision, change.ExpiresAtMs));
                break;
            case KvEventKind.Delete or KvEventKind.Expired:
                if (!state.Remove(change.Key.Span))
                {
                    throw Missing(index, change);
                }

                break;
            default:
                throw new InvalidDataException($"Log entry {index} holds a key-value event of unknown kind {(int)change.Kind}: written by a newer version");
        }
    }

    private KvRecord Standing(ulong index, KvEvent change) => state.Keys.Find(change.Key.Span) ?? throw Missing(index, change);

    private static InvalidDataException Missing(ulong index, KvEvent change) =>
        new($"Log entry {index}: {change.Kind} of a key of {change.Key.Length} bytes that is not there");

    private KeyValueDraft Draft(long nowUnixMs) => overlay.IsActive
        ? new KeyValueDraft(overlay.Revision, overlay.KeyCount, nowUnixMs)
        : new KeyValueDraft(state.Revision, state.Keys.Count, nowUnixMs);
}
