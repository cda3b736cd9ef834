using System.Diagnostics;
using System.Text.Json;
using Cluster.Lab.Processes;
using Cluster.Shared.Scenarios;

namespace Cluster.Client.Labs;

/// <summary>Hands an order to the simulator program, which prints for itself; its exit code is the verdict.</summary>
internal static class SimulatorProgram
{
    /// <summary>
    /// From so many runs on it pays that the runtime first counts how often which part of a method runs, and compiles it once more for that: a run takes
    /// less time then, after tens of seconds of compiling.
    /// </summary>
    private const int RunsWorthProfiling = 150;

    /// <exception cref="Lab.LabException">It is not built.</exception>
    public static async Task<int> RunAsync(SimulationOrder order, CancellationToken cancellation)
    {
        var binary = ProgramBinary.FindSimulator();
        var start = new ProcessStartInfo(binary.DotnetPath, [binary.DllPath, JsonSerializer.Serialize(order, ScenarioJson.Default.SimulationOrder)]);
        start.Environment.TryAdd("DOTNET_TieredPGO", Math.Max(order.Seeds, order.Slugs.Count) >= RunsWorthProfiling ? "1" : "0");
        using var process = Process.Start(start)!;
        try
        {
            await process.WaitForExitAsync(cancellation).ConfigureAwait(false);
            return process.ExitCode;
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw;
        }
    }
}
