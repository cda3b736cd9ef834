using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Cluster.Client.Output;
using Cluster.Lab;
using Cluster.Lab.Processes;
using Cluster.Shared.Scenarios;

namespace Cluster.Client.Nodes;

/// <summary>Asks the node program which modes it has (<c>Cluster.Node.dll modes -o json</c>), and for a mode's lab (<c>Cluster.Node.dll scenario SLUG</c>).</summary>
internal static class ModeCatalog
{
    /// <exception cref="LabException">The node program is missing, or gave no catalog.</exception>
    public static async Task<string> ReadJsonAsync(CancellationToken cancellation)
    {
        var (code, json, error) = await AskAsync(["modes", "-o", "json"], cancellation).ConfigureAwait(false);
        return code == 0 ? json : throw new LabException($"the node program gave no list of modes (exit code {code}): {error}");
    }

    /// <summary>The list as a page in Markdown.</summary>
    /// <exception cref="LabException">The node program is missing, or gave no page.</exception>
    public static async Task<string> ReadMarkdownAsync(CancellationToken cancellation)
    {
        var (code, page, error) = await AskAsync(["modes", "-o", "markdown"], cancellation).ConfigureAwait(false);
        return code == 0 ? page : throw new LabException($"the node program gave no page of modes (exit code {code}): {error}");
    }

    /// <exception cref="UsageException">There is no such mode.</exception>
    /// <exception cref="LabException">The node program is missing, or gave no scenario.</exception>
    public static async Task<Scenario> ReadScenarioAsync(string slug, CancellationToken cancellation)
    {
        var (code, json, error) = await AskAsync(["scenario", slug], cancellation).ConfigureAwait(false);
        return code == 0 ? Read(json, ScenarioJson.Default.Scenario, "scenario")
            : code == ExitCodes.Usage ? throw new UsageException(error)
            : throw new LabException($"the node program gave no scenario of '{slug}' (exit code {code}): {error}");
    }

    /// <summary>Has the node program look at options that it would be started with: what is wrong with them is then said before anything is started.</summary>
    /// <exception cref="UsageException">One of them cannot be; the message is the node program's.</exception>
    public static async Task CheckOptionsAsync(IReadOnlyList<string> options, CancellationToken cancellation)
    {
        var (code, _, error) = await AskAsync(["check", .. options], cancellation).ConfigureAwait(false);
        if (code == ExitCodes.Usage)
        {
            throw new UsageException(error);
        }
    }

    public static IReadOnlyList<ModeEntry> Parse(string json) => Read(json, ConsoleJson.Default.IReadOnlyListModeEntry, "list of modes");

    private static async Task<(int Code, string Output, string Error)> AskAsync(string[] arguments, CancellationToken cancellation)
    {
        var binary = ProgramBinary.FindNode();
        var start = new ProcessStartInfo(binary.DotnetPath, [binary.DllPath, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync(cancellation);
        var output = await process.StandardOutput.ReadToEndAsync(cancellation).ConfigureAwait(false);
        await process.WaitForExitAsync(cancellation).ConfigureAwait(false);
        return (process.ExitCode, output.Trim(), (await error.ConfigureAwait(false)).Trim());
    }

    private static T Read<T>(string json, JsonTypeInfo<T> type, string what)
    {
        try
        {
            return JsonSerializer.Deserialize(json, type) ?? throw new JsonException("it is null");
        }
        catch (JsonException e)
        {
            throw new LabException($"the node program's {what} cannot be read: {e.Message}", e);
        }
    }
}
