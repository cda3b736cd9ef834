using System.CommandLine;
using Cluster.Client;
using Cluster.Client.Verbs;
using Cluster.Lab;
using Cluster.Lab.Http;

// The console: parses, runs one verb, and turns every failure that a user can act on into one line and an exit code.
var root = new LabCommand();
var parsed = root.Parse(args.Length == 0 ? ["--help"] : args, new ParserConfiguration { ResponseFileTokenReplacer = null });
if (parsed.Errors.Count > 0)
{
    return UsageReport.Write(parsed, args);
}

using var interrupted = new CancellationTokenSource();
Console.CancelKeyPress += (_, press) =>
{
    press.Cancel = true;
    interrupted.Cancel();
};
try
{
    return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null }, interrupted.Token);
}
catch (OperationCanceledException) when (interrupted.IsCancellationRequested)
{
    return ExitCodes.Interrupted;
}
catch (UsageException e)
{
    await Console.Error.WriteLineAsync("lab: " + e.Message);
    return ExitCodes.Usage;
}
catch (FormatException e)
{
    await Console.Error.WriteLineAsync("lab: " + e.Message);
    return ExitCodes.BadData;
}
catch (Exception e) when (e is LabException or NodeRefusedException or IOException or UnauthorizedAccessException)
{
    await Console.Error.WriteLineAsync("lab: " + e.Message);
    return ExitCodes.Failed;
}
