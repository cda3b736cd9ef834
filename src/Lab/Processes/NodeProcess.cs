using System.Text;

namespace Cluster.Lab.Processes;

/// <summary>
/// A node's process seen from outside, by /proc. A process id alone proves nothing, because ids are used again: a process counts as the node
/// only while its command line names the node's data directory.
/// </summary>
public sealed record NodeProcess(int Pid, string DataDirectory)
{
    public ProcessState State
    {
        get
        {
            try
            {
                // The name stands in brackets and may hold anything; the state is the first letter after the last bracket.
                var stat = File.ReadAllText($"/proc/{Pid}/stat");
                var state = stat[stat.LastIndexOf(')') + 2];
                return state is 'Z' or 'X' ? AfterDeath()
                    : !IsOurs() ? ProcessState.Dead
                    : state is 'T' or 't' ? ProcessState.Paused
                    : ProcessState.Running;
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

    /// <summary>A killed process's first thread is a zombie while its other threads still end; only with the last of them do its ports become free.</summary>
    private ProcessState AfterDeath() => Directory.GetDirectories($"/proc/{Pid}/task").Length > 1 ? ProcessState.Running : ProcessState.Dead;

    private bool SendIfAlive(int signal) => State != ProcessState.Dead && Signal.Send(Pid, signal);

    private bool IsOurs()
    {
        var arguments = Encoding.UTF8.GetString(File.ReadAllBytes($"/proc/{Pid}/cmdline")).Split('\0');

        // While a process changes its program (exec) it has no command line for a moment.
        return arguments is [""] || Array.IndexOf(arguments, DataDirectory) > 0;
    }
}
