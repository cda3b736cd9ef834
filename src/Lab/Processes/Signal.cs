using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Cluster.Lab.Processes;

/// <summary>Signals to one process by its id: those that break nodes on purpose, and those that the console passes on.</summary>
public static class Signal
{
    public const int Interrupt = 2;
    public const int Kill = 9;
    public const int Terminate = 15;

    // macOS numbers these two differently from Linux.
    public static readonly int Continue = OperatingSystem.IsMacOS() ? 19 : 18;
    public static readonly int Stop = OperatingSystem.IsMacOS() ? 17 : 19;

    private const int NoSuchProcess = 3;

    /// <summary>False: the process is gone already.</summary>
    /// <exception cref="LabException">The operating system refused.</exception>
    public static bool Send(int pid, int signal)
    {
        // 0 and negative ids address whole groups: never those.
        ArgumentOutOfRangeException.ThrowIfLessThan(pid, 2);
        if (kill(pid, signal) == 0)
        {
            return true;
        }

        var error = Marshal.GetLastPInvokeError();
        return error == NoSuchProcess ? false : throw new LabException($"cannot send signal {signal} to process {pid}: {new Win32Exception(error).Message}");
    }

    [DllImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int kill(int pid, int signal);
}
