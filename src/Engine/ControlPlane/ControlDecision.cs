using Cluster.Shared.Wire;

namespace Cluster.Engine.ControlPlane;

/// <summary>What a command comes to: an event for the log and a reply for when it is committed, or a reply alone where nothing changes or the command is refused.</summary>
internal readonly record struct ControlDecision(ControlEvent? Event, ControlReply Reply)
{
    public static ControlDecision Decided(ControlEvent decided) => new(decided, new ControlReply { Changed = true });

    /// <summary>It stands so already: saying it twice is no error.</summary>
    public static readonly ControlDecision Unchanged = new(null, new ControlReply());

    public static ControlDecision Refused(ControlRefusal refusal, string message) => new(null, new ControlReply { Refusal = refusal, Message = message });
}
