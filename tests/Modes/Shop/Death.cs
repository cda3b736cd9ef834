namespace Cluster.Modes.Tests.Shop;

/// <summary>How whoever sends a message dies at it.</summary>
public enum Death
{
    /// <summary>The message never leaves.</summary>
    Before,

    /// <summary>It has taken effect; its answer is never heard.</summary>
    After,

    /// <summary>It is on its way, and arrives when everybody has forgotten it.</summary>
    MessageLate,
}
