namespace Cluster.Client.Interactive;

/// <summary>What a key has done to a line.</summary>
internal enum EditStep
{
    /// <summary>Nothing.</summary>
    Ignored,

    /// <summary>The text or the cursor is another.</summary>
    Edited,

    /// <summary>The line is to be carried out.</summary>
    Accepted,

    /// <summary>The line is to be thrown away (Ctrl-C).</summary>
    Abandoned,

    /// <summary>There will be no further line (Ctrl-D on an empty one).</summary>
    Ended,

    /// <summary>The word before the cursor is to be completed.</summary>
    Completes,

    /// <summary>The screen is to be cleared.</summary>
    Clears,
}
