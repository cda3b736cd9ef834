using Cluster.Node.Hosting;
using Cluster.Node.Options;

if (args is ["modes", "-o", "markdown"])
{
    return ModesVerb.RunMarkdown();
}

if (args is ["modes", ..])
{
    return ModesVerb.Run();
}

if (args is ["scenario", var slug])
{
    return ModesVerb.RunScenario(slug);
}

if (args is ["check", .. var some])
{
    var wrong = NodeOptionsParser.MistakesOf(some);
    foreach (var line in wrong)
    {
        Console.Error.WriteLine(line);
    }

    return wrong.Count == 0 ? ExitCode.Ok : ExitCode.Usage;
}

if (args is ["health", ..])
{
    return HealthVerb.Run(Environment.GetEnvironmentVariable);
}

var outcome = NodeOptionsParser.Parse(args, Environment.GetEnvironmentVariable);
if (outcome.CanStart)
{
    return await NodeProcess.RunAsync(outcome.Options);
}

foreach (var line in outcome.Lines)
{
    (outcome.Code == ExitCode.Ok ? Console.Out : Console.Error).WriteLine(line);
}

return outcome.Code;
