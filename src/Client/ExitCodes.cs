namespace Cluster.Client;

/// <summary>What the console's exit code tells a script. Verdicts of checks and labs have their own: holds 0, violated 1, unknown 2.</summary>
internal static class ExitCodes
{
    public const int Ok = 0;

    /// <summary>It was understood, and did not work.</summary>
    public const int Failed = 1;

    /// <summary>It was not understood: unknown verb, option or node (EX_USAGE of BSD's sysexits).</summary>
    public const int Usage = 64;

    /// <summary>A file is not what it should be: a history that no verdict can be reached from, above all (EX_DATAERR). Never the code of a verdict.</summary>
    public const int BadData = 65;

    /// <summary>The console itself failed, by a mistake of its own (EX_SOFTWARE). Never the code of a verdict.</summary>
    public const int Defect = 70;

    /// <summary>A lock was not acquired in time: try again later (EX_TEMPFAIL).</summary>
    public const int NotAcquired = 75;

    /// <summary>A lock's lease was lost while its command ran, and the command was ended. No code of sysexits means that; few commands end in this one by themselves.</summary>
    public const int LeaseLost = 76;

    /// <summary>Ended by Ctrl-C (128 + SIGINT).</summary>
    public const int Interrupted = 130;
}
