using System.Buffers.Binary;
using System.Security.Cryptography;
using Cluster.Shared.Wire;
using Google.Protobuf;

namespace Cluster.Engine.ControlPlane;

/// <summary>
/// Group 0's state machine: decides commands on the leader, applies the log's events everywhere, and publishes the state after each as a
/// <see cref="ControlView"/>. Replicas that applied the same log have equal hashes and equal snapshots.
/// </summary>
/// <remarks>
/// The leader decides each command on what it has proposed so far, not on what is applied: two nodes that join in the same moment get two numbers. What is
/// proposed and not yet applied is kept in order and folded over the applied state; an applied event that is not the next one expected is another leader's,
/// and everything expected is forgotten with it.
/// </remarks>
internal sealed partial class ControlMachine
{
    /// <summary>Stands for the epoch of what is proposed and not decided yet: it equals none that anybody has seen, so nothing is decided on top of it unseen.</summary>
    public const ulong UndecidedEpoch = ulong.MaxValue;

    /// <summary>Most decisions under way. Each new one is folded over at each apply, and members do not change by the hundred.</summary>
    public const int MaxUndecided = 64;

    private readonly List<ByteString> undecided = [];
    private ControlView view = ControlView.Empty;
    private ControlView expected = ControlView.Empty;

    /// <summary>The applied state; read by any thread.</summary>
    public ControlView View => Volatile.Read(ref view);

    /// <summary>Called after each change of <see cref="View"/>, on the thread that applied it.</summary>
    public Action<ControlView>? Published { get; set; }

    /// <summary>
    /// Decides a command. The event goes into the log; it is empty where nothing changes or the command is refused, and the reply then only has to wait
    /// until this leader has proved that it still leads.
    /// </summary>
    public (ByteString Event, ControlReply Reply) Decide(ReadOnlySpan<byte> command)
    {
        ControlCommand parsed;
        try
        {
            parsed = ControlCommand.Parser.ParseFrom(command);
        }
        catch (InvalidProtocolBufferException damaged)
        {
            return (ByteString.Empty, ControlDecision.Refused(ControlRefusal.BadCommand, $"the command cannot be read: {damaged.Message}").Reply);
        }

        return Decide(parsed);
    }

    /// <inheritdoc cref="Decide(ReadOnlySpan{byte})"/>
    public (ByteString Event, ControlReply Reply) Decide(ControlCommand command)
    {
        if (undecided.Count >= MaxUndecided)
        {
            return (ByteString.Empty, ControlDecision.Refused(ControlRefusal.Limit, $"{undecided.Count} decisions are under way, the most there may be; ask again later").Reply);
        }

        var decision = ControlDecider.Decide(expected, command);
        if (decision.Event is null)
        {
            return (ByteString.Empty, decision.Reply);
        }

        expected = ControlEvolution.Apply(expected, UndecidedEpoch, decision.Event);
        var bytes = decision.Event.ToByteString();
        undecided.Add(bytes);
        return (bytes, decision.Reply);
    }

    /// <summary>Applies one committed event. An empty one changes nothing.</summary>
    /// <exception cref="InvalidDataException">The event does not fit the state or is of a later version: this replica must not go on.</exception>
    public void Apply(ulong index, ReadOnlySpan<byte> committed)
    {
        if (committed.IsEmpty)
        {
            return;
        }

        var next = Evolve(View, index, committed);
        if (undecided.Count > 0 && undecided[0].Span.SequenceEqual(committed))
        {
            undecided.RemoveAt(0);
        }
        else
        {
            undecided.Clear();
        }

        Publish(next);
    }

    /// <summary>What this node proposed as leader may never be committed: it lost its leadership, or has just won one.</summary>
    public void ForgetUndecided()
    {
        undecided.Clear();
        expected = View;
    }

    /// <summary>The state as bytes; equal for equal states.</summary>
    public byte[] Snapshot() => ControlSnapshots.ToWire(View).ToByteArray();

    /// <summary>Replaces the state by a snapshot's.</summary>
    /// <exception cref="InvalidDataException">The snapshot is damaged or of another version; the state is as before.</exception>
    public void Restore(ReadOnlySpan<byte> snapshot)
    {
        ControlSnapshot parsed;
        try
        {
            parsed = ControlSnapshot.Parser.ParseFrom(snapshot);
        }
        catch (InvalidProtocolBufferException damaged)
        {
            throw new InvalidDataException($"the control plane's snapshot of {snapshot.Length} bytes cannot be read: it is damaged", damaged);
        }

        var restored = ControlSnapshots.Read(parsed);
        undecided.Clear();
        Publish(restored);
    }

    /// <summary>Equal for equal states; different, but for chance, for different ones.</summary>
    public ulong Hash() => BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(Snapshot()));

    private static ControlView Evolve(ControlView from, ulong index, ReadOnlySpan<byte> committed)
    {
        try
        {
            return ControlEvolution.Apply(from, index, ControlEvent.Parser.ParseFrom(committed));
        }
        catch (InvalidProtocolBufferException damaged)
        {
            throw new InvalidDataException($"control-plane log entry {index} cannot be read: it is damaged", damaged);
        }
    }

    private void Publish(ControlView next)
    {
        Volatile.Write(ref view, next);
        expected = next;
        foreach (var proposed in undecided)
        {
            expected = Evolve(expected, UndecidedEpoch, proposed.Span);
        }

        Published?.Invoke(next);
    }
}
