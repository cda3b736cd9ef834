namespace Cluster.Node.Options;

/// <summary>What the node process tells the shell when it ends, in the numbers of sysexits.h, so that scripts can tell "wrong usage" from "port taken".</summary>
public static class ExitCode
{
    /// <summary>Asked to stop, and stopped.</summary>
    public const int Ok = 0;

    /// <summary>The command line or environment is wrong (EX_USAGE).</summary>
    public const int Usage = 64;

    /// <summary>What is on the disk is damaged and cannot be trusted (EX_DATAERR).</summary>
    public const int DataCorrupt = 65;

    /// <summary>A certificate, key or authority cannot be used (EX_NOINPUT).</summary>
    public const int CertificateUnusable = 66;

    /// <summary>A port or address could not be taken (EX_UNAVAILABLE).</summary>
    public const int Unavailable = 69;

    /// <summary>The engine found that it must not go on, and stopped (EX_SOFTWARE).</summary>
    public const int CannotGoOn = 70;

    /// <summary>The disk has no room, or refuses to be written (EX_IOERR).</summary>
    public const int DiskUnusable = 74;

    /// <summary>The data directory is another node's, another cluster's, or in use (EX_CONFIG).</summary>
    public const int DataRefused = 78;
}
