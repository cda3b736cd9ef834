using System.Diagnostics;
using System.Text.Json;
using Cluster.Client.Output;
using Cluster.Lab;
using Cluster.Lab.Processes;

namespace Cluster.Client.Nodes;

/// <summary>Asks the node program which modes it has (<c>Cluster.Node.dll modes -o json</c>).</summary>
internal static class ModeCatalog
{
    /// <exception cref="LabException">The node program is missing, or gave no catalog.</exception>
    public static async Task<string> ReadJsonAsync(CancellationToken cancellation)
    {
        var binary = NodeBinary.Find();
        var start = new ProcessStartInfo(binary.DotnetPath, [binary.DllPath, "modes", "-o", "json"]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync(cancellation);
        var json = await process.StandardOutput.ReadToEndAsync(cancellation).ConfigureAwait(false);
        await process.WaitForExitAsync(cancellation).ConfigureAwait(false);
        return process.ExitCode == 0
            ? json.Trim()
            : throw new LabException($"the node program gave no list of modes (exit code {process.ExitCode}): {(await error.ConfigureAwait(false)).Trim()}");
    }

    public static IReadOnlyList<ModeEntry> Parse(string json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, ConsoleJson.Default.IReadOnlyListModeEntry) ?? [];
        }
        catch (JsonException e)
        {
            throw new LabException($"the node program's list of modes cannot be read: {e.Message}", e);
        }
    }
}
