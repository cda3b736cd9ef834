using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
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

    private static readonly (PosixSignal Signal, int Number)[] Forwarded = [(PosixSignal.SIGINT, 2), (PosixSignal.SIGQUIT, 3), (PosixSignal.SIGHUP, 1), (PosixSignal.SIGTERM, Signal.Terminate)];

    private readonly List<PosixSignalRegistration> registrations = [];
    private readonly CancellationTokenSource interrupted = new();
    private Process? process;
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
            process = Process.Start(start)!;
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

    /// <summary>SIGTERM, and SIGKILL to it and all that it started if it still runs after the grace.</summary>
    public async Task EndAsync(TimeSpan grace, TimeProvider time)
    {
        Send(Signal.Terminate);
        using var patience = new CancellationTokenSource(grace, time);
        try
        {
            await process!.WaitForExitAsync(patience.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            process!.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
        }
    }

    public void Dispose()
    {
        registrations.ForEach(registration => registration.Dispose());
        process?.Dispose();
        interrupted.Dispose();
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
