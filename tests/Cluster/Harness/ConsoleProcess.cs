using System.Diagnostics;

namespace Cluster.Cluster.Tests.Harness;

/// <summary>A program run to its end, as a shell runs it: exit code and what it printed.</summary>
internal sealed record ConsoleProcess(int ExitCode, string Output, string Error)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    /// <summary>The console itself, built beside these tests.</summary>
    public static string ConsoleDll { get; } = Path.Combine(AppContext.BaseDirectory, "Cluster.Client.dll");

    public static Task<ConsoleProcess> LabAsync(string directory, params string[] arguments) =>
        RunAsync("dotnet", [ConsoleDll, .. arguments], new Dictionary<string, string> { ["LAB_DIR"] = directory });

    public static async Task<ConsoleProcess> RunAsync(string program, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string>? environment = null, string input = "")
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(Deadline);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(deadline.Token);
            var error = process.StandardError.ReadToEndAsync(deadline.Token);
            await process.StandardInput.WriteAsync(input.AsMemory(), deadline.Token);
            process.StandardInput.Close();
            await process.WaitForExitAsync(deadline.Token);
            return new ConsoleProcess(process.ExitCode, await output, await error);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{program} {string.Join(' ', arguments)} has not ended after {Deadline.TotalSeconds:0} s");
        }
    }

    /// <summary>Fails with all that was printed unless the exit code is as expected.</summary>
    public ConsoleProcess Expect(int exitCode)
    {
        Assert.True(ExitCode == exitCode, $"exit code {ExitCode}, not {exitCode}\n{Output}{Error}");
        return this;
    }
}
