using System.Diagnostics;
using System.Text.Json;
using Cluster.Lab.Processes;
using Cluster.Shared.Scenarios;

namespace Cluster.Client.Labs;

/// <summary>Hands an order to the simulator program, which prints for itself; its exit code is the verdict.</summary>
internal static class SimulatorProgram
{
    /// <exception cref="Lab.LabException">It is not built.</exception>
    public static async Task<int> RunAsync(SimulationOrder order, CancellationToken cancellation)
    {
        var binary = ProgramBinary.FindSimulator();
        using var process = Process.Start(new ProcessStartInfo(binary.DotnetPath, [binary.DllPath, JsonSerializer.Serialize(order, ScenarioJson.Default.SimulationOrder)]))!;
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
