using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Cluster.Client.Nodes;
using Cluster.Client.Output;
using Cluster.Lab;
using Cluster.Lab.Targets;
using Cluster.Lab.Workloads.Sessions;
using Spectre.Console;

namespace Cluster.Client.Verbs;

/// <summary>Every node's proxies, a row each: as many views as there are nodes, since each judges for itself.</summary>
internal sealed class BreakerShowVerb : Verb
{
    private static readonly TimeSpan WatchInterval = TimeSpan.FromMilliseconds(500);

    private readonly Option<bool> watch = new("--watch", "-w") { Description = "Show them again twice a second, until Ctrl-C" };
    private readonly Option<bool> changes = new("--changes") { Description = "With the last changes of state, and why" };
    private readonly Option<string?> node = new("--at") { Description = "The proxies of this node only", HelpName = "NODE" };
    private readonly Option<string> output = VerbOptions.Output();
    private readonly TargetOptions target = new();

    public BreakerShowVerb()
        : base("show", "State, window, bulkhead and retries of every proxy")
    {
        Add(watch);
        Add(changes);
        Add(node);
        Add(output);
        target.AddTo(this);
        SetAction(RunAsync);
    }

    public override IReadOnlyList<string> Examples => ["lab breaker show", "lab breaker show --watch", "lab breaker show --at n2 --changes", "lab breaker show -o json"];

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        while (true)
        {
            var cluster = await target.OpenAsync(parsed, cancellation).ConfigureAwait(false);
            IReadOnlyList<string> names = parsed.GetValue(node) is { } one ? [NodeChoice.Check(cluster, one)] : await cluster.RunningAsync(cancellation).ConfigureAwait(false);
            var answers = await Task.WhenAll(names.Select(name => AskAsync(cluster, name, cancellation))).ConfigureAwait(false);
            Write(parsed, [.. answers.OfType<string>()]);
            if (!parsed.GetValue(watch))
            {
                return answers.Any(answer => answer is not null) ? ExitCodes.Ok : ExitCodes.Failed;
            }

            await Task.Delay(WatchInterval, TimeProvider.System, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>A node that does not answer is left out, and said on the side: the others are as good without it.</summary>
    private static async Task<string?> AskAsync(ClusterTarget cluster, string name, CancellationToken cancellation)
    {
        try
        {
            return await ModeCaller.CallAsync(cluster, name, new ModeCall("circuit-breaker", "show", IsRead: true), cancellation).ConfigureAwait(false);
        }
        catch (LabException silent)
        {
            await Console.Error.WriteLineAsync($"{name}: {silent.Message}").ConfigureAwait(false);
            return null;
        }
    }

    private void Write(ParseResult parsed, IReadOnlyList<string> answers)
    {
        if (parsed.GetValue(output) == "json")
        {
            Console.WriteLine($"[{string.Join(',', answers)}]");
            return;
        }

        if (parsed.GetValue(watch) && Terminal.IsInteractive)
        {
            Terminal.Console.Clear();
        }

        var (listing, history) = (new Listing("at", "to", "breaker", "again in", "window", "failed", "slow", "under way", "retries left", "calls", "attempts", "refused", "stale"), new Listing("at", "to", "change", "why"));
        foreach (var answer in answers)
        {
            using var json = JsonDocument.Parse(answer);
            var at = Format.Plain(json.RootElement.GetProperty("node").GetString());
            foreach (var proxy in json.RootElement.GetProperty("proxies").EnumerateArray())
            {
                listing.Add([at, .. Row(proxy)]);
                foreach (var change in proxy.GetProperty("transitions").EnumerateArray())
                {
                    history.Add(at, Text(proxy, "to"), $"{State(Text(change, "from"))} -> {State(Text(change, "to"))}", Text(change, "why"));
                }
            }
        }

        listing.Write();
        if (parsed.GetValue(changes) && history.Rows > 0)
        {
            history.Write();
        }
    }

    private static string[] Row(JsonElement proxy)
    {
        var (window, tally) = (proxy.GetProperty("window"), proxy.GetProperty("tally"));
        return
        [
            Text(proxy, "to"),
            State(Text(proxy, "state")),
            proxy.GetProperty("openForMs").GetInt64() is > 0 and var left ? Format.Duration(TimeSpan.FromMilliseconds(left)) : "-",
            Number(window, "calls"),
            Percent(window, "failureRate"),
            Percent(window, "slowCallRate"),
            $"{Number(proxy, "underWay")}/{Number(proxy, "maxConcurrent")}",
            Number(proxy, "retriesLeft"),
            Number(tally, "calls"),
            Number(tally, "attempts"),
            Format.Count(tally.GetProperty("refusedOpen").GetInt64() + tally.GetProperty("refusedBulkhead").GetInt64()),
            Number(tally, "stale"),
        ];
    }

    private static string Text(JsonElement of, string name) => Format.Plain(of.GetProperty(name).GetString());

    private static string Number(JsonElement of, string name) => Format.Count(of.GetProperty(name).GetInt64());

    private static string Percent(JsonElement of, string name) => string.Create(CultureInfo.InvariantCulture, $"{of.GetProperty(name).GetDouble() * 100:0} %");

    private static string State(string state) => state switch
    {
        "closed" => Format.Good(state),
        "half-open" => Format.Doubtful(state),
        _ => Format.Bad(state),
    };
}
