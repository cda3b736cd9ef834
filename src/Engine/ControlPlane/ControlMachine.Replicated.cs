using Cluster.Engine.Sharding;
using Cluster.Shared.Wire;
using Google.Protobuf;

namespace Cluster.Engine.ControlPlane;

/// <summary>The machine as a shard's host drives it: group 0 is a shard like the others, with this one machine in it.</summary>
internal sealed partial class ControlMachine : IShardMachine
{
    /// <summary>The machine's number inside group 0.</summary>
    public const uint Id = 2;

    uint IShardMachine.Machine => Id;

    ulong IShardMachine.StateHash => Hash();

    long IShardMachine.StateBytes => ControlSnapshots.ToWire(View).CalculateSize();

    MachineDecision IShardMachine.Decide(ByteString command, long nowUnixMs)
    {
        if (undecided.Count >= MaxUndecided)
        {
            return Refused(ControlRefusal.Limit, $"{undecided.Count} decisions are under way, the most there may be; ask again later");
        }

        ControlCommand parsed;
        try
        {
            parsed = ControlCommand.Parser.ParseFrom(command);
        }
        catch (InvalidProtocolBufferException damaged)
        {
            return Refused(ControlRefusal.BadCommand, $"the command cannot be read: {damaged.Message}");
        }

        var decision = ControlDecider.Decide(expected, parsed);
        var reply = decision.Reply.ToByteString();
        return decision.Event is { } decided ? MachineDecision.Changed(decided.ToByteString(), reply, effects: null) : MachineDecision.Unchanged(reply);
    }

    bool IShardMachine.TryDecideDue(long nowUnixMs, int max, out MachineDecision decision)
    {
        decision = default; // Nothing here happens by the clock alone.
        return false;
    }

    void IShardMachine.Proposed(ulong index, in MachineDecision decision)
    {
        expected = Evolve(expected, UndecidedEpoch, decision.Event.Span);
        undecided.Add(decision.Event);
    }

    void IShardMachine.DropProposed() => ForgetUndecided();

    void IShardMachine.Apply(ulong index, ByteString @event, long atUnixMs) => Apply(index, @event.Span);

    ByteString IShardMachine.Query(ByteString command, long nowUnixMs, bool stale, out bool needsDecision)
    {
        needsDecision = false;
        if (!stale && AsQuery(command) is { Singletons: true })
        {
            // The one thing that has to be asked: a view may be old, and who runs a singleton must know that nobody else does.
            return new ControlAnswer { Singletons = { View.Singletons.Select(singleton => singleton.ToWire()) } }.ToByteString();
        }

        return ControlDecision.Refused(ControlRefusal.BadCommand, "the control plane's state is read from any node's view, not asked of its leader").Reply.ToByteString();
    }

    IMachineSnapshot IShardMachine.TakeSnapshot() => new Copy(Snapshot());

    void IShardMachine.Restore(Stream stream)
    {
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        Restore(copy.GetBuffer().AsSpan(0, (int)copy.Length));
    }

    private static ControlQuery? AsQuery(ByteString command)
    {
        try
        {
            return ControlQuery.Parser.ParseFrom(command);
        }
        catch (InvalidProtocolBufferException)
        {
            return null;
        }
    }

    private static MachineDecision Refused(ControlRefusal refusal, string message) =>
        MachineDecision.Refused(ControlDecision.Refused(refusal, message).Reply.ToByteString());

    private sealed class Copy(byte[] state) : IMachineSnapshot
    {
        public void WriteTo(Stream stream) => stream.Write(state);

        public void Dispose()
        {
        }
    }
}
