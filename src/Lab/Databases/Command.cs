using System.Diagnostics;

namespace Cluster.Lab.Databases;

/// <summary>A program run to its end. It begins in the root directory, since the user that runs it may not see the console's.</summary>
internal static class Command
{
    /// <returns>Its exit code, and the end of what it said.</returns>
    /// <exception cref="LabException">It could not be started.</exception>
    public static (int Code, string Said) Run(IReadOnlyList<string> command, IReadOnlyDictionary<string, string> environment)
    {
        var start = new ProcessStartInfo(command[0], command.Skip(1)) { UseShellExecute = false, RedirectStandardError = true, RedirectStandardOutput = true, WorkingDirectory = "/" };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        try
        {
            using var process = Process.Start(start)!;
            var output = process.StandardOutput.ReadToEndAsync();
            var error = process.StandardError.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, error.Length > 0 ? error.Trim() : output.GetAwaiter().GetResult().Trim());
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new LabException($"cannot start {command[0]}: {e.Message}", e);
        }
    }
}
