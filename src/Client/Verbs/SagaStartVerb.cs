using System.CommandLine;
using System.Text.Json;
using Cluster.Client.Nodes;
using Cluster.Lab.Workloads.Sessions;

namespace Cluster.Client.Verbs;

/// <summary>Begins an order's saga. The node checks what it is given; the console only names it.</summary>
internal sealed class SagaStartVerb : Verb
{
    private readonly Option<string?> id = Text("--id", "The order's id; without one, it gets one", "ID");
    private readonly Option<string?> item = Text("--item", "What is ordered (tea)", "NAME");
    private readonly Option<string?> quantity = Text("--quantity", "Pieces (1)", "N");
    private readonly Option<string?> customer = Text("--customer", "Who pays (ann)", "NAME");
    private readonly Option<string?> price = Text("--price", "Cents, for all of it (100)", "N");
    private readonly Option<string?> carrier = Text("--carrier", "Who brings it (post)", "NAME");
    private readonly Option<string?> style = Text("--style", "orchestrated (the default) or choreographed", "STYLE");
    private readonly Option<string?> failAt = Text("--fail-at", "The participant that is to refuse: stock, payment or shipping", "PARTICIPANT");
    private readonly Option<string?> timeout = Text("--timeout", "Turn back what has not got past its pivot by then (3s)", "TIME");
    private readonly Option<string?> pace = Text("--pace", "Let so much time pass before each step, so that there is something to watch", "TIME");
    private readonly Option<bool> wait = new("--wait") { Description = "Wait for its end" };
    private readonly Option<string?> node = Text("--node", "The node that is to drive it; the first that runs when not given", "NODE");
    private readonly Option<string> output = VerbOptions.Output();
    private readonly TargetOptions target = new();

    public SagaStartVerb()
        : base("start", "Begin an order's saga")
    {
        foreach (var option in new Option[] { id, item, quantity, customer, price, carrier, style, failAt, timeout, pace, wait, node, output })
        {
            Add(option);
        }

        target.AddTo(this);
        SetAction(RunAsync);
    }

    public override IReadOnlyList<string> Examples =>
        ["lab saga start --id o1 --pace 2s --timeout 1m", "lab saga start --id o2 --fail-at shipping --wait", "lab saga start --id o3 --style choreographed --node n2"];

    public override IReadOnlyList<string> Notes => ["Begun again with the same id, the same order is meant: it takes effect once."];

    private static Option<string?> Text(string name, string description, string help) => new(name) { Description = description, HelpName = help };

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var cluster = await target.OpenAsync(parsed, cancellation).ConfigureAwait(false);
        var paced = parsed.GetValue(pace);
        var answer = await ModeCaller.CallAsync(
            cluster,
            parsed.GetValue(node),
            new ModeCall(
                "saga",
                parsed.GetValue(wait) ? "place" : "start",
                IsRead: false,
                ("id", parsed.GetValue(id)),
                ("item", parsed.GetValue(item) ?? "tea"),
                ("quantity", parsed.GetValue(quantity)),
                ("customer", parsed.GetValue(customer) ?? "ann"),
                ("price", parsed.GetValue(price)),
                ("carrier", parsed.GetValue(carrier)),
                ("style", parsed.GetValue(style)),
                ("fail-at", parsed.GetValue(failAt)),
                ("timeout", parsed.GetValue(timeout) ?? (paced is null ? null : "10m")),
                ("pace", paced)),
            cancellation).ConfigureAwait(false);
        if (parsed.GetValue(output) == "json")
        {
            Console.WriteLine(answer);
            return ExitCodes.Ok;
        }

        using var told = JsonDocument.Parse(answer);
        var (saga, outcome) = (told.RootElement.GetProperty("id").GetString(), told.RootElement.GetProperty("outcome").GetString());
        var why = told.RootElement.TryGetProperty("why", out var because) ? $": {because.GetString()}" : "";
        Console.WriteLine(outcome == "started" ? $"saga {saga} has begun: lab saga show {saga} --watch" : $"saga {saga} is {outcome}{why}");
        return ExitCodes.Ok;
    }
}
