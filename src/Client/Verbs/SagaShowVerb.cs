using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Cluster.Client.Nodes;
using Cluster.Client.Output;
using Cluster.Lab;
using Cluster.Lab.Http;
using Cluster.Lab.Workloads.Sessions;
using Spectre.Console;

namespace Cluster.Client.Verbs;

/// <summary>A saga's steps, and what its participants' ledgers say; with <c>--watch</c> as they change, through the death of any one node, until it has ended.</summary>
internal sealed class SagaShowVerb : Verb
{
    private static readonly TimeSpan WatchInterval = TimeSpan.FromMilliseconds(300);

    private readonly Argument<string> id = new("ID") { Description = "The order's id" };
    private readonly Option<bool> watch = new("--watch", "-w") { Description = "Show it again whenever it has changed, until it has ended" };
    private readonly Option<string?> node = new("--node") { Description = "The node that is asked; the first that answers when not given", HelpName = "NODE" };
    private readonly Option<string> output = VerbOptions.Output();
    private readonly TargetOptions target = new();

    public SagaShowVerb()
        : base("show", "A saga's steps")
    {
        Add(id);
        Add(watch);
        Add(node);
        Add(output);
        target.AddTo(this);
        SetAction(RunAsync);
    }

    public override IReadOnlyList<string> Examples => ["lab saga show o1", "lab saga show o1 --watch", "lab saga show o1 -o json"];

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        for (var shown = ""; ;)
        {
            if (await AskAsync(parsed, cancellation).ConfigureAwait(false) is { } answer)
            {
                using var saga = JsonDocument.Parse(answer);
                if (answer != shown)
                {
                    shown = answer;
                    Show(saga.RootElement, answer, parsed.GetValue(output) == "json", parsed.GetValue(watch));
                }

                if (!parsed.GetValue(watch) || saga.RootElement.GetProperty("phase").GetString() is "completed" or "compensated")
                {
                    return ExitCodes.Ok;
                }
            }

            await Task.Delay(WatchInterval, TimeProvider.System, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Who watches waits out a failover: null, and it is asked again.</summary>
    private async Task<string?> AskAsync(ParseResult parsed, CancellationToken cancellation)
    {
        try
        {
            var cluster = await target.OpenAsync(parsed, cancellation).ConfigureAwait(false);
            return await ModeCaller.CallAsync(cluster, parsed.GetValue(node), new ModeCall("saga", "show", IsRead: true, ("id", parsed.GetValue(id))), cancellation).ConfigureAwait(false);
        }
        catch (Exception e) when (parsed.GetValue(watch) && (e is LabException || e is NodeRefusedException { Status: System.Net.HttpStatusCode.ServiceUnavailable }))
        {
            return null;
        }
    }

    private static void Show(JsonElement saga, string answer, bool json, bool watching)
    {
        if (json)
        {
            Console.WriteLine(answer);
            return;
        }

        if (watching && Terminal.IsInteractive)
        {
            Terminal.Console.Clear();
        }

        var started = saga.GetProperty("startedAt").GetDateTimeOffset();
        var phase = saga.GetProperty("phase").GetString()!;
        Terminal.Console.MarkupLine($"saga {Plain(saga, "id")}  {Plain(saga, "style")}  {Colour(phase)}  driven by {Plain(saga, "driver")}  began {started.ToLocalTime():HH:mm:ss}"
            + (saga.TryGetProperty("why", out var why) ? $"  because {Format.Plain(why.GetString())}" : ""));
        var listing = new Listing("step", "kind", "at", "ledger", "state", "attempts", "after", "why");
        foreach (var step in saga.GetProperty("steps").EnumerateArray())
        {
            listing.Add(
                Plain(step, "step"),
                Plain(step, "kind"),
                Plain(step, "at"),
                Plain(step, "ledger"),
                Colour(step.GetProperty("state").GetString()!),
                step.GetProperty("attempts").GetInt32().ToString(CultureInfo.InvariantCulture),
                step.TryGetProperty("when", out var when) ? Format.Duration(when.GetDateTimeOffset() - started) : "-",
                Plain(step, "why"));
        }

        listing.Write();
        if (saga.TryGetProperty("ledgers", out var ledgers))
        {
            Terminal.Console.MarkupLine($"ledgers: stock {Plain(ledgers, "stock")}, payment {Plain(ledgers, "payment")}, shipping {Plain(ledgers, "shipping")}");
        }

        if (watching && !Terminal.IsInteractive)
        {
            Console.WriteLine();
        }
    }

    private static string Plain(JsonElement of, string name) => Format.Plain(of.TryGetProperty(name, out var value) ? value.GetString() : null);

    private static string Colour(string state) => state switch
    {
        "done" or "completed" => Format.Good(state),
        "refused" or "expired" => Format.Bad(state),
        "under way" or "compensating" or "backward" => Format.Doubtful(state),
        _ => Markup.Escape(state),
    };
}
