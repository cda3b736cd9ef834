using System.CommandLine;
using Cluster.Client.Verbs;
using Cluster.Lab;
using Cluster.Lab.Http;

namespace Cluster.Client;

/// <summary>One command line: parsed, carried out, and every failure that a user can act on told in one line and an exit code.</summary>
internal static class CommandLine
{
    public static async Task<int> RunAsync(IReadOnlyList<string> args)
    {
        var root = new LabCommand();
        var parsed = root.Parse(args.Count == 0 ? ["--help"] : args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Errors.Count > 0)
        {
            return UsageReport.Write(parsed, args);
        }

        using var interrupted = new CancellationTokenSource();
        Console.CancelKeyPress += Interrupt;
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
        finally
        {
            Console.CancelKeyPress -= Interrupt;
        }

        void Interrupt(object? sender, ConsoleCancelEventArgs press)
        {
            press.Cancel = true;
            interrupted.Cancel();
        }
    }
}
