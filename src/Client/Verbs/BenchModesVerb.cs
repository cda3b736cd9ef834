using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Cluster.Client.Bench;
using Cluster.Client.Nodes;
using Cluster.Client.Output;
using Cluster.Lab.Benchmarks.Modes;

namespace Cluster.Client.Verbs;

/// <summary>The modes' own figures, each beside what is wanted of it: deliveries, records, sagas, and the price of a breaker.</summary>
internal sealed class BenchModesVerb : Verb
{
    private const int MaxSeconds = 600;

    private readonly Option<string[]> only = new("--only") { Description = $"Of {string.Join(", ", ModeFigures.Names)}; may be given more than once (default: all)", HelpName = "NAME" };
    private readonly Option<int> seconds = VerbOptions.Number("--seconds", "Measured time of each, after five seconds that are not counted", 5, 1, MaxSeconds);
    private readonly Option<string> output = VerbOptions.Output();
    private readonly TargetOptions target = new();

    public BenchModesVerb()
        : base("modes", "What modes deliver: published messages, appended records, sagas, and what a breaker costs")
    {
        only.AcceptOnlyFromAmong([.. ModeFigures.Names]);
        Add(only);
        Add(seconds);
        Add(output);
        target.AddTo(this);
        SetAction(RunAsync);
    }

    public override IReadOnlyList<string> Examples => ["lab bench modes", "lab bench modes --only append --seconds 20", "lab bench modes -o json"];

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var cluster = await target.OpenAsync(parsed, cancellation).ConfigureAwait(false);
        var doors = await TargetChoice.OfAsync(cluster, cancellation).ConfigureAwait(false);
        var http = (await cluster.RunningAsync(cancellation).ConfigureAwait(false)).Select(name => new Uri(cluster.Node(name).Http)).ToList();
        var figures = new List<ModeFigure>();
        foreach (var name in parsed.GetValue(only) is { Length: > 0 } named ? named : ModeFigures.Names)
        {
            await Console.Error.WriteLineAsync($"measuring: {name}").ConfigureAwait(false);
            figures.Add(await ModeFigures.TakeAsync(name, doors.Doors, http, TimeSpan.FromSeconds(parsed.GetValue(seconds)), cancellation).ConfigureAwait(false));
        }

        if (parsed.GetValue(output) == "json")
        {
            Console.WriteLine(JsonSerializer.Serialize(figures, ConsoleJson.Default.IReadOnlyListModeFigure));
        }
        else
        {
            Write(figures);
        }

        return ExitCodes.Ok;
    }

    private static void Write(IReadOnlyList<ModeFigure> figures)
    {
        var listing = new Listing("figure", "measured", "unit", "p50 ms", "p99 ms", "wanted", "");
        foreach (var figure in figures)
        {
            listing.Add(figure.Name, figure.Value.ToString("N0", CultureInfo.InvariantCulture), figure.Unit, Number(figure.P50Ms), Number(figure.P99Ms), figure.Target, figure.Reached ? Format.Good("reached") : Format.Bad("not reached"));
        }

        listing.Write();
        foreach (var figure in figures)
        {
            Console.WriteLine($"{figure.Name}: {figure.What}");
        }
    }

    private static string Number(double? value) => value?.ToString("0.#", CultureInfo.InvariantCulture) ?? "";
}
