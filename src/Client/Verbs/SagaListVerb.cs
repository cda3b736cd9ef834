using System.CommandLine;
using System.Text.Json;
using Cluster.Client.Nodes;
using Cluster.Client.Output;
using Cluster.Lab.Workloads.Sessions;

namespace Cluster.Client.Verbs;

/// <summary>Sagas that are under way, the oldest first.</summary>
internal sealed class SagaListVerb : Verb
{
    private readonly Option<int> most = VerbOptions.Number("--most", "At most so many", 100, 1, 200);
    private readonly Option<string> output = VerbOptions.Output();
    private readonly TargetOptions target = new();

    public SagaListVerb()
        : base("list", "Sagas that are under way")
    {
        Add(most);
        Add(output);
        target.AddTo(this);
        SetAction(RunAsync);
    }

    public override IReadOnlyList<string> Examples => ["lab saga list", "lab saga list --most 10 -o json"];

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var cluster = await target.OpenAsync(parsed, cancellation).ConfigureAwait(false);
        var call = new ModeCall("saga", "list", IsRead: true, ("most", FormattableString.Invariant($"{parsed.GetValue(most)}")));
        var answer = await ModeCaller.CallAsync(cluster, node: null, call, cancellation).ConfigureAwait(false);
        if (parsed.GetValue(output) == "json")
        {
            Console.WriteLine(answer);
            return ExitCodes.Ok;
        }

        using var list = JsonDocument.Parse(answer);
        var listing = new Listing("id", "style", "phase", "step", "driver", "began");
        foreach (var saga in list.RootElement.GetProperty("sagas").EnumerateArray())
        {
            listing.Add(Text("id"), Text("style"), Text("phase"), Text("step"), Text("driver"), $"{saga.GetProperty("startedAt").GetDateTimeOffset().ToLocalTime():HH:mm:ss}");

            string Text(string name) => Format.Plain(saga.TryGetProperty(name, out var value) ? value.GetString() : null);
        }

        if (listing.Rows > 0)
        {
            listing.Write();
        }

        Console.WriteLine(FormattableString.Invariant($"{list.RootElement.GetProperty("open").GetInt32()} under way"));
        return ExitCodes.Ok;
    }
}
