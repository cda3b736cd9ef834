using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using Cluster.Lab;
using Cluster.Lab.Clocks;
using Cluster.Lab.Processes;

namespace Cluster.Client.Locks;

/// <summary>
/// The command that runs while the lock is held. It has this process's terminal, and gets the signals that this process gets, as under flock(1) or env(1); it is the command that
/// decides what they mean.
/// </summary>
internal sealed class LockedCommand : IDisposable
{
    /// <summary>What a shell answers for a command that is not there, and for one that cannot be run.</summary>
    private const int NotFound = 127;
    private const int NotExecutable = 126;

    /// <summary>Marks what this command starts, and what that starts.</summary>
    private const string Mark = "LOCK_RUN";

    /// <summary>Between two looks at who of the command's family still lives.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);

    /// <summary>Rounds of SIGKILL: whoever is killed starts nobody any more, so each finds fewer.</summary>
    private const int KillRounds = 50;

    private static readonly (PosixSignal Signal, int Number)[] Forwarded = [(PosixSignal.SIGINT, 2), (PosixSignal.SIGQUIT, 3), (PosixSignal.SIGHUP, 1), (PosixSignal.SIGTERM, Signal.Terminate)];

    private readonly List<PosixSignalRegistration> registrations = [];
    private readonly CancellationTokenSource interrupted = new();
    private readonly string mark = Guid.NewGuid().ToString("N");
    private Process? process;
    private CommandFamily? family;
    private int signalled;

    public LockedCommand()
    {
        foreach (var (signal, number) in Forwarded)
        {
            registrations.Add(PosixSignalRegistration.Create(signal, context =>
            {
                context.Cancel = true;
                Take(number);
            }));
        }
    }

    /// <summary>A signal came while no command was running.</summary>
    public CancellationToken Interrupted => interrupted.Token;

    /// <summary>128 and the signal's number, as shells have it.</summary>
    public int InterruptedCode => 128 + signalled;

    /// <returns>Null when it runs; else the exit code of one that cannot, and why.</returns>
    public (int Code, string Why)? Start(IReadOnlyList<string> words, IReadOnlyDictionary<string, string> environment)
    {
        var start = new ProcessStartInfo(words[0], words.Skip(1));
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        try
        {
            start.Environment[Mark] = mark;
            process = Process.Start(start)!;
            family = new CommandFamily(process.Id, Mark, mark);
            if (signalled != 0)
            {
                Send(signalled); // It came while the command was being started.
            }

            return null;
        }
        catch (Win32Exception e)
        {
            return (e.NativeErrorCode == 2 ? NotFound : NotExecutable, $"{words[0]} cannot be run: {new Win32Exception(e.NativeErrorCode).Message}");
        }
    }

    /// <summary>Its exit code; 128 and the number of the signal that ended it.</summary>
    public async Task<int> WaitAsync(CancellationToken cancellation)
    {
        await process!.WaitForExitAsync(cancellation).ConfigureAwait(false);
        return process.ExitCode;
    }

    /// <summary>SIGTERM to it and all that it started, and SIGKILL to those that still run after the grace: also where the command itself has ended and left them behind.</summary>
    public async Task EndAsync(TimeSpan grace, TimeProvider time)
    {
        var start = time.GetTimestamp();
        Send(Signal.Terminate);
        SendAll(Signal.Terminate, except: process!.Id);
        while (IsAlive && time.GetElapsedTime(start) < grace)
        {
            await Pause.ForAsync(Look, time, CancellationToken.None).ConfigureAwait(false);
        }

        for (var round = 0; IsAlive && round < KillRounds; round++)
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true); // Also where there is no /proc to look for them.
            }

            SendAll(Signal.Kill, except: process.Id);
            await Pause.ForAsync(Look, time, CancellationToken.None).ConfigureAwait(false);
        }

        await process.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
    }

    public void Dispose()
    {
        registrations.ForEach(registration => registration.Dispose());
        process?.Dispose();
        interrupted.Dispose();
    }

    private bool IsAlive => !process!.HasExited || family!.Living().Count > 0;

    private void SendAll(int signal, int except)
    {
        foreach (var pid in family!.Living().Where(pid => pid != except))
        {
            try
            {
                Signal.Send(pid, signal);
            }
            catch (LabException)
            {
                // It has become somebody else's (a set-uid program): it cannot be ended from here.
            }
        }
    }

    private void Take(int signal)
    {
        if (process is null)
        {
            Interlocked.CompareExchange(ref signalled, signal, 0);
            interrupted.Cancel();
        }
        else if (Console.IsInputRedirected || signal is not (2 or 3))
        {
            Send(signal); // Ctrl-C and Ctrl-\ of a terminal go to every process in front of it: this command has had them.
        }
    }

    private void Send(int signal)
    {
        try
        {
            if (!process!.HasExited)
            {
                Signal.Send(process.Id, signal);
            }
        }
        catch (InvalidOperationException)
        {
            // It ended in between, and its id is gone.
        }
    }
}
