namespace Cluster.Engine.Port;

/// <summary>A parent's verdict on a child's failure.</summary>
public enum Directive
{
    /// <summary>Go on with the next message, state kept.</summary>
    Resume,

    /// <summary>Replace the instance by a new one; mailbox and reference stay.</summary>
    Restart,

    /// <summary>End the child.</summary>
    Stop,

    /// <summary>The parent fails by the same cause, and its own parent decides.</summary>
    Escalate,
}
