namespace Cluster.Modes.Hosting;

/// <summary>How the text of a <see cref="ModeArgument"/> is read.</summary>
public enum ModeArgumentKind
{
    /// <summary>As it is.</summary>
    Text,

    /// <summary>A whole number.</summary>
    Number,

    /// <summary>A time with its unit: <c>500ms</c>, <c>10s</c>, <c>2m</c>, <c>1h</c>.</summary>
    Duration,

    /// <summary>One of a few words.</summary>
    Choice,
}
