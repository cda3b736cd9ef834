namespace Cluster.Node.Options;

/// <summary>What the node process tells the shell when it ends, in the numbers of sysexits.h, so that scripts can tell "wrong usage" from "port taken".</summary>
public static class ExitCode
{
    /// <summary>Asked to stop, and stopped.</summary>
    public const int Ok = 0;

    /// <summary>The command line or environment is wrong (EX_USAGE).</summary>
    public const int Usage = 64;

    /// <summary>A port or address could not be taken (EX_UNAVAILABLE).</summary>
    public const int Unavailable = 69;
}
