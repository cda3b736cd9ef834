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
        if (args.FirstOrDefault(argument => argument.Contains('\uFFFD', StringComparison.Ordinal)) is { } unreadable)
        {
            // The runtime puts it in the place of what is no UTF-8: another key, or another file, than was meant.
            await Console.Error.WriteLineAsync($"lab: '{unreadable}' is no UTF-8: names and values on the command line are text; HTTP takes any bytes, percent-encoded").ConfigureAwait(false);
            return ExitCodes.Usage;
        }

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
            return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null }, interrupted.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (interrupted.IsCancellationRequested)
        {
            return ExitCodes.Interrupted;
        }
        catch (Exception e)
        {
            var code = CodeOf(e);
            await Console.Error.WriteLineAsync(code == ExitCodes.Defect ? Defect(e) : "lab: " + e.Message).ConfigureAwait(false);
            return code;
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

    private static int CodeOf(Exception failed) => failed switch
    {
        UsageException or NodeRefusedException { IsUsage: true } => ExitCodes.Usage,
        FormatException => ExitCodes.BadData,
        LabException or NodeRefusedException or IOException or UnauthorizedAccessException => ExitCodes.Failed,
        _ => ExitCodes.Defect,
    };

    private static string Defect(Exception failed) => Environment.GetEnvironmentVariable("LAB_STACK_TRACE") is { Length: > 0 }
        ? failed.ToString()
        : $"lab: a defect of the console: {failed.GetType().Name}: {failed.Message.ReplaceLineEndings(" ")} (please report it with the command, and what LAB_STACK_TRACE=1 shows)";
}
