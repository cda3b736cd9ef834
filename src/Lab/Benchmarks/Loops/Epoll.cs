using System.Buffers.Binary;
using System.ComponentModel;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Cluster.Lab.Benchmarks.Loops;

/// <summary>
/// Which of many sockets can be read or written, asked of Linux directly. .NET's own sockets would cost a load generator twice: a failed read before each wait, and a hop to another
/// thread after it. Level-triggered; one thread.
/// </summary>
internal sealed class Epoll : IDisposable
{
    private const uint Readable = 0x001;
    private const uint Writable = 0x004;
    private const int CloseOnExec = 0x80000;
    private const int Add = 1;
    private const int Change = 3;
    private const int Interrupted = 4;
    private const int NotImplemented = 38;
    private const int MaxEvents = 256;

    // The kernel packs this struct on x86-64 only, so that 32-bit programs see the same.
    private static readonly int EventBytes = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 12 : 16;

    private readonly byte[] events = new byte[MaxEvents * EventBytes];
    private readonly byte[] change = new byte[EventBytes];
    private readonly int descriptor;
    private bool fineWaits = true;

    /// <exception cref="PlatformNotSupportedException">This is not Linux.</exception>
    public Epoll()
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new PlatformNotSupportedException("the load generator waits on its sockets by epoll, which only Linux has");
        }

        descriptor = epoll_create1(CloseOnExec);
        if (descriptor < 0)
        {
            throw Failed("epoll_create1");
        }
    }

    /// <summary>Closing the socket takes it out again.</summary>
    /// <param name="tag">What <see cref="Tag"/> gives back.</param>
    public void Watch(Socket socket, int tag, bool forWriting) => Control(Add, socket, tag, forWriting);

    public void Rewatch(Socket socket, int tag, bool forWriting) => Control(Change, socket, tag, forWriting);

    /// <summary>Waits until a socket is ready, at most this long. Gives the number of sockets that are.</summary>
    public int Wait(TimeSpan atMost)
    {
        var ready = fineWaits ? WaitFine(atMost) : WaitCoarse(atMost);
        if (ready >= 0)
        {
            return ready;
        }

        return Marshal.GetLastPInvokeError() == Interrupted ? 0 : throw Failed("epoll_wait");
    }

    public int Tag(int number) => BinaryPrimitives.ReadInt32LittleEndian(events.AsSpan((number * EventBytes) + EventBytes - 8));

    public void Dispose() => _ = close(descriptor);

    private static Win32Exception Failed(string call)
    {
        var error = Marshal.GetLastPInvokeError();
        return new Win32Exception(error, $"{call}: {new Win32Exception(error).Message}");
    }

    private void Control(int operation, Socket socket, int tag, bool forWriting)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(change, forWriting ? Readable | Writable : Readable);
        BinaryPrimitives.WriteInt32LittleEndian(change.AsSpan(EventBytes - 8), tag);
        if (epoll_ctl(descriptor, operation, (int)socket.Handle, ref change[0]) != 0)
        {
            throw Failed("epoll_ctl");
        }
    }

    private int WaitFine(TimeSpan atMost)
    {
        var timeout = new TimeSpec { Seconds = atMost.Ticks / TimeSpan.TicksPerSecond, Nanoseconds = atMost.Ticks % TimeSpan.TicksPerSecond * TimeSpan.NanosecondsPerTick };
        try
        {
            var ready = epoll_pwait2(descriptor, ref events[0], MaxEvents, ref timeout, 0);
            if (ready >= 0 || Marshal.GetLastPInvokeError() != NotImplemented)
            {
                return ready;
            }
        }
        catch (EntryPointNotFoundException)
        {
            // A C library from before 2022 has only the call that counts in milliseconds.
        }

        fineWaits = false;
        return WaitCoarse(atMost);
    }

    /// <summary>Rounds down: better to look once too often than to send a millisecond late.</summary>
    private int WaitCoarse(TimeSpan atMost) => epoll_wait(descriptor, ref events[0], MaxEvents, (int)atMost.TotalMilliseconds);

    [DllImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int epoll_create1(int flags);

    [DllImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int epoll_ctl(int epoll, int operation, int descriptor, ref byte change);

    [DllImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int epoll_wait(int epoll, ref byte events, int maxEvents, int milliseconds);

    [DllImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int epoll_pwait2(int epoll, ref byte events, int maxEvents, ref TimeSpec timeout, nint signals);

    [DllImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int close(int descriptor);

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
