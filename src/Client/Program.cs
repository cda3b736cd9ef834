using System.CommandLine;
using Cluster.Client;
using Cluster.Client.Verbs;
using Cluster.Lab;
using Cluster.Lab.Http;

// The console: parses, runs one verb, and turns every failure that a user can act on into one line and an exit code.
if (args.FirstOrDefault(argument => argument.Contains('\uFFFD', StringComparison.Ordinal)) is { } unreadable)
{
    // The runtime puts it in the place of what is no UTF-8: another key, or another file, than was meant.
    await Console.Error.WriteLineAsync($"lab: '{unreadable}' is no UTF-8: names and values on the command line are text; HTTP takes any bytes, percent-encoded");
    return ExitCodes.Usage;
}

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
catch (NodeRefusedException e) when (e.IsUsage)
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
catch (Exception e)
{
    var asked = Environment.GetEnvironmentVariable("LAB_STACK_TRACE") is { Length: > 0 };
    await Console.Error.WriteLineAsync(asked ? e.ToString() : $"lab: a defect of the console: {e.GetType().Name}: {e.Message.ReplaceLineEndings(" ")} (please report it with the command, and what LAB_STACK_TRACE=1 shows)");
    return ExitCodes.Defect;
}
