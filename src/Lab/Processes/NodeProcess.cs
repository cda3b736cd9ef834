using System.Text;
using Cluster.Lab.Targets;

namespace Cluster.Lab.Processes;

/// <summary>
/// A node's process seen from outside, by /proc. A process id alone proves nothing, because ids are used again: a process counts as the node
/// only while its command line names the node's data directory.
/// </summary>
public sealed record NodeProcess(int Pid, string DataDirectory)
{
    /// <summary>Each read takes some microseconds, the change of program about a millisecond.</summary>
    private const int MaxCommandLineReads = 2_000;

    /// <summary>Dead only when nothing of the process is left: its ports and its files are free then.</summary>
    public ProcessState State
    {
        get
        {
            try
            {
                return Letter() switch
                {
                    // A killed process's first thread may have ended while others still hold its sockets.
                    'Z' or 'X' => Directory.EnumerateDirectories($"/proc/{Pid}/task").Skip(1).Any() ? ProcessState.Running : ProcessState.Dead,
                    _ when IsOurs() == false => ProcessState.Dead,
                    'T' or 't' => ProcessState.Paused,
                    _ => ProcessState.Running,
                };
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return ProcessState.Dead;
            }
        }
    }

    /// <summary>SIGKILL: no goodbye, nothing flushed. False if it was dead already.</summary>
    public bool Kill() => SendIfAlive(Signal.Kill);

    /// <summary>SIGTERM: asks it to close what it has open and end. A paused process is woken first, or it would never hear.</summary>
    public bool Terminate() => SendIfAlive(Signal.Terminate) && SendIfAlive(Signal.Continue);

    /// <summary>SIGINT. False if it was dead already.</summary>
    public bool Interrupt() => SendIfAlive(Signal.Interrupt);

    public bool Pause() => SendIfAlive(Signal.Stop);

    public bool Resume() => SendIfAlive(Signal.Continue);

    /// <summary>False: it still runs at the deadline.</summary>
    public async Task<bool> WaitForExitAsync(TimeSpan timeout, TimeProvider time, CancellationToken cancellation)
    {
        var start = time.GetTimestamp();
        while (State != ProcessState.Dead)
        {
            if (time.GetElapsedTime(start) > timeout)
            {
                return false;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(10), time, cancellation).ConfigureAwait(false);
        }

        return true;
    }

    private bool SendIfAlive(int signal)
    {
        try
        {
            return Letter() is not ('Z' or 'X') && IsOurs() == true && Signal.Send(Pid, signal);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>The process's state as the kernel gives it. Its name stands before in brackets and may hold anything, so the state is what follows the last one.</summary>
    private char Letter()
    {
        var stat = File.ReadAllText($"/proc/{Pid}/stat");
        return stat[stat.LastIndexOf(')') + 2];
    }

    /// <summary>
    /// Null while the process becomes another program (sh, setsid, dotnet): its command line is empty then, for a moment, or for long where others keep the
    /// processors busy. It has a program all the same, which a thread of the kernel has not.
    /// </summary>
    private bool? IsOurs()
    {
        var commandLine = "";
        for (var tries = 0; commandLine.Length == 0 && tries < MaxCommandLineReads; tries++)
        {
            commandLine = Encoding.UTF8.GetString(File.ReadAllBytes($"/proc/{Pid}/cmdline"));
        }

        return commandLine.Length == 0 && new FileInfo($"/proc/{Pid}/exe").LinkTarget is not null ? null : Array.IndexOf(commandLine.Split('\0'), DataDirectory) > 0;
    }
}
