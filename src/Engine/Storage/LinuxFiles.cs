using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Cluster.Engine.Storage;

/// <summary>
/// The three calls that .NET does not have: fdatasync (RandomAccess.FlushToDisk is fsync, which also waits for the file's times), a preallocation
/// that sets the length, and fsync of a folder. Elsewhere than on Linux the nearest that .NET has stands in.
/// </summary>
internal static partial class LinuxFiles
{
    private const int Interrupted = 4;
    private const int NoSpace = 28;
    private const int QuotaExceeded = 122;
    private const int FileTooBig = 27;
    private const int ReadOnly = 0;
    private const int CloseOnExec = 0x80000;

    private static readonly bool HasCalls = OperatingSystem.IsLinux() && CanCall();

    public static void SyncData(SafeFileHandle file)
    {
        if (!HasCalls)
        {
            RandomAccess.FlushToDisk(file);
            return;
        }

        while (FDataSync(file) != 0)
        {
            // An interrupted call has reported no failure, so it is made again; any other error is final.
            var error = Marshal.GetLastPInvokeError();
            if (error != Interrupted)
            {
                throw Failed("fdatasync", error);
            }
        }
    }

    public static AllocationOutcome TryAllocate(SafeFileHandle file, long bytes)
    {
        if (!HasCalls)
        {
            return AllocationOutcome.Unsupported;
        }

        int error;
        do
        {
            error = PosixFAllocate(file, 0, bytes);
        }
        while (error == Interrupted);

        return error switch
        {
            0 => AllocationOutcome.Allocated,
            NoSpace or QuotaExceeded or FileTooBig => AllocationOutcome.DiskFull,
            _ => AllocationOutcome.Unsupported,
        };
    }

    /// <summary>Elsewhere than on Linux this does nothing: NTFS journals names in order, and a folder cannot be opened for a flush.</summary>
    public static void SyncFolder(string path)
    {
        if (!HasCalls)
        {
            return;
        }

        var folder = Open(path, ReadOnly | CloseOnExec);
        if (folder < 0)
        {
            throw Failed("open", Marshal.GetLastPInvokeError(), path);
        }

        try
        {
            if (FSync(folder) != 0)
            {
                var error = Marshal.GetLastPInvokeError();
                throw new DiskFlushException(path, Marshal.GetPInvokeErrorMessage(error));
            }
        }
        finally
        {
            _ = Close(folder);
        }
    }

    private static IOException Failed(string call, int error, string? path = null) =>
        new($"{(path is null ? "" : path + ": ")}{call}: {Marshal.GetPInvokeErrorMessage(error)}", error);

    private static bool CanCall()
    {
        try
        {
            // A descriptor that cannot exist: the call fails, but the library and its symbol were found.
            _ = FSync(-1);
            return true;
        }
        catch (Exception error) when (error is DllNotFoundException or EntryPointNotFoundException)
        {
            return false;
        }
    }

    [LibraryImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    private static partial int FDataSync(SafeFileHandle file);

    [LibraryImport("libc", EntryPoint = "posix_fallocate")]
    private static partial int PosixFAllocate(SafeFileHandle file, long offset, long bytes);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int FSync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
