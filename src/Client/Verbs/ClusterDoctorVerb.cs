using System.CommandLine;
using System.Text.Json;
using Cluster.Client.Doctor;
using Cluster.Client.Nodes;
using Cluster.Client.Output;
using Cluster.Shared.Http;
using Spectre.Console;

namespace Cluster.Client.Verbs;

/// <summary>Says in words what is wrong, why, and what to do. Exit code 0: nothing more than notes; 1: findings.</summary>
internal sealed class ClusterDoctorVerb : Verb
{
    private readonly Option<string> output = VerbOptions.Output();
    private readonly TargetOptions target = new();

    public ClusterDoctorVerb()
        : base("doctor", "What is wrong, why, and what to do; exit code 0 when healthy")
    {
        Add(output);
        target.AddTo(this);
        SetAction(RunAsync);
    }

    public override IReadOnlyList<string> Examples => ["lab cluster doctor", "lab kill n2; lab cluster doctor"];

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var cluster = await target.OpenAsync(parsed, cancellation).ConfigureAwait(false);
        var report = await new Examination(cluster).RunAsync(cancellation).ConfigureAwait(false);
        if (parsed.GetValue(output) == "json")
        {
            Console.WriteLine(JsonSerializer.Serialize(report, ConsoleJson.Default.DoctorReport));
        }
        else
        {
            Write(report, cluster.NodeNames.Count);
        }

        return report.Healthy ? ExitCodes.Ok : ExitCodes.Failed;
    }

    private static void Write(DoctorReport report, int nodes)
    {
        foreach (var finding in report.Findings)
        {
            var severity = finding.Severity switch
            {
                FindingSeverity.Error => Format.Bad("error  "),
                FindingSeverity.Warning => Format.Doubtful("warning"),
                _ => Format.Plain("note   "),
            };
            Terminal.Console.MarkupLine($"{severity}  [bold]{Markup.Escape(finding.Subject)}[/]  [grey]{finding.Code}, seen by {Markup.Escape(string.Join(", ", finding.SeenBy))}[/]");
            Terminal.Console.Write(new Padder(new Text(finding.Problem), new Padding(9, 0, 0, 0)));
            Terminal.Console.Write(new Padder(new Text("-> " + finding.Advice), new Padding(9, 0, 0, 0)));
        }

        var asked = $"{report.Asked.Count} of {nodes} nodes answered";
        var errors = report.Findings.Count(finding => finding.Severity == FindingSeverity.Error);
        var warnings = report.Findings.Count(finding => finding.Severity == FindingSeverity.Warning);
        Terminal.Console.MarkupLine(report.Healthy
            ? $"{Format.Good("healthy")}: {asked}, {(report.Findings.Count == 0 ? "nothing found" : "nothing but notes")}"
            : $"{Format.Bad("not well")}: {asked}, {errors} errors, {warnings} warnings");
    }
}
