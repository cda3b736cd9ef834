using System.Text.Json;
using Cluster.Lab;
using Cluster.Shared.Scenarios;
using Cluster.Simulator.Runs;

// The simulator program: one order as JSON, from the console; see SimulationOrder. The exit code is the verdict.
if (args is not [var text] || JsonSerializer.Deserialize(text, ScenarioJson.Default.SimulationOrder) is not { } order)
{
    Console.Error.WriteLine("Cluster.Simulator is started by 'lab sim' and 'lab run --engine sim'.");
    return 64;
}

try
{
    return new Simulation(order, Console.Out).Run();
}
catch (FormatException e)
{
    Console.Error.WriteLine("lab: " + e.Message);
    return 65;
}
catch (LabException e)
{
    Console.Error.WriteLine("lab: " + e.Message);
    return 64;
}
