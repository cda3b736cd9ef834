using Google.Protobuf;

namespace Cluster.Engine.Sharding;

/// <summary>What a machine decided on a command: the event for the log, if any, and the reply that goes with it.</summary>
internal readonly struct MachineDecision
{
    private MachineDecision(MachineOutcome outcome, ByteString @event, ByteString reply, object? effects)
    {
        Outcome = outcome;
        Event = @event;
        Reply = reply;
        Effects = effects;
    }

    public MachineOutcome Outcome { get; }

    /// <summary>For the log; empty unless <see cref="MachineOutcome.Changed"/>.</summary>
    public ByteString Event { get; }

    /// <summary>In the machine's own words.</summary>
    public ByteString Reply { get; }

    /// <summary>The machine's own note of what the event will change, handed back in <see cref="IShardMachine.Proposed"/>.</summary>
    public object? Effects { get; }

    public static MachineDecision Changed(ByteString @event, ByteString reply, object? effects) => @event.IsEmpty
        ? throw new ArgumentException("An event must not be empty", nameof(@event))
        : new MachineDecision(MachineOutcome.Changed, @event, reply, effects);

    public static MachineDecision Unchanged(ByteString reply) => new(MachineOutcome.Unchanged, ByteString.Empty, reply, null);

    public static MachineDecision Read(ByteString reply) => new(MachineOutcome.Read, ByteString.Empty, reply, null);

    public static MachineDecision Refused(ByteString reply) => new(MachineOutcome.Refused, ByteString.Empty, reply, null);
}
