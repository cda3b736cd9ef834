using System.Diagnostics;
using System.Net.Sockets;

namespace Cluster.Benchmarks.Peers;

/// <summary>A peer's server, started for one run: its output is thrown away, and it is killed with its whole process tree at the end, whatever happened.</summary>
internal sealed class ServerProcess : IDisposable
{
    private static readonly TimeSpan StartTime = TimeSpan.FromSeconds(20);

    private readonly Process process;

    private ServerProcess(Process process) => this.process = process;

    public int Pid => process.Id;

    /// <summary>Whether a program of this name is installed.</summary>
    public static bool IsInstalled(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Append("/usr/sbin").Any(folder => folder.Length > 0 && File.Exists(Path.Combine(folder, program)));

    public static ServerProcess Start(string program, string directory, params IReadOnlyList<string> arguments)
    {
        Directory.CreateDirectory(directory);
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = directory, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        start.Environment["ETCD_UNSUPPORTED_ARCH"] = "arm64"; // Debian's etcd asks for this on ARM, and ignores it elsewhere.
        var process = Process.Start(start)!;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return new ServerProcess(process);
    }

    /// <summary>Returns when the server takes connections there.</summary>
    /// <exception cref="TimeoutException">It does not, or it has ended.</exception>
    public async Task WaitForPortAsync(int port)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!process.HasExited && TimeProvider.System.GetElapsedTime(started) < StartTime)
        {
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync("127.0.0.1", port);
                return;
            }
            catch (SocketException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
            }
        }

        throw new TimeoutException($"{process.StartInfo.FileName} {string.Join(' ', process.StartInfo.ArgumentList)} {(process.HasExited ? $"ended with code {process.ExitCode}" : "takes no connection")}");
    }

    public void Dispose()
    {
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
        }

        process.Dispose();
    }
}
