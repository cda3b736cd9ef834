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

    public static async Task<ConsoleProcess> RunAsync(string program, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(Deadline);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(deadline.Token);
            var error = process.StandardError.ReadToEndAsync(deadline.Token);
            await process.WaitForExitAsync(deadline.Token);
            return new ConsoleProcess(process.ExitCode, await output, await error);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{program} {string.Join(' ', arguments)} has not ended after {Deadline.TotalSeconds:0} s");
        }
    }

    /// <summary>Runs a program that does not end by itself until it prints a line with the text, then kills it.</summary>
    /// <returns>That line.</returns>
    public static async Task<string> UntilAsync(string program, IReadOnlyList<string> arguments, string text)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(Deadline);
        try
        {
            while (await process.StandardOutput.ReadLineAsync(deadline.Token) is { } line)
            {
                if (line.Contains(text, StringComparison.Ordinal))
                {
                    return line;
                }
            }

            throw new InvalidOperationException($"{program} ended with code {process.ExitCode} and never printed '{text}'");
        }
        finally
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
        }
    }

    /// <summary>Fails with all that was printed unless the exit code is as expected.</summary>
    public ConsoleProcess Expect(int exitCode)
    {
        Assert.True(ExitCode == exitCode, $"exit code {ExitCode}, not {exitCode}\n{Output}{Error}");
        return this;
    }
}
