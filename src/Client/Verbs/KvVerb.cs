using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Cluster.Client.Keys;
using Cluster.Client.Nodes;

namespace Cluster.Client.Verbs;

/// <summary>Keys and values: of a storage mode with its dial, or of the engine's own store. One way to use all of them, and to see where a key lives.</summary>
internal sealed class KvVerb : Verb
{
    private static readonly string[] Operations = ["get", "put", "delete", "cas", "scan", "where"];

    private readonly Argument<string> operation = new("OPERATION") { Description = string.Join(", ", Operations) };
    private readonly Argument<string[]> words = new("KEY VALUE") { Description = "The key; with put the value; with cas the value that is expected, and the new one (or the new one alone: the key must not be there); with scan a prefix, or nothing", Arity = new ArgumentArity(0, 3) };
    private readonly Option<string?> mode = new("--mode", "-m") { Description = "The storage mode, as 'lab list' shows it; without it the engine's own store", HelpName = "SLUG" };
    private readonly Option<string[]> dial = new("--dial") { Description = "A setting of the mode's dial, for this request; may be given several times", HelpName = "NAME=VALUE", AllowMultipleArgumentsPerToken = false };
    private readonly Option<int?> readers = new("--r") { Description = "Short for --dial r=N: replicas that a read waits for", HelpName = "N" };
    private readonly Option<int?> writers = new("--w") { Description = "Short for --dial w=N: replicas that a write waits for", HelpName = "N" };
    private readonly Option<string?> consistency = new("--consistency") { Description = "Short for --dial consistency=LEVEL; on the engine's own store linearizable, lease or stale", HelpName = "LEVEL" };
    private readonly Option<string?> after = new("--after") { Description = "With scan: the last key of the page before", HelpName = "KEY" };
    private readonly Option<int> limit = VerbOptions.Number("--limit", "With scan: most keys", 100, 1, 1000);
    private readonly Option<string?> node = new("--node") { Description = "The node that is asked; the first that answers when not given", HelpName = "NODE" };
    private readonly Option<string> output = VerbOptions.Output();
    private readonly TargetOptions target = new();

    public KvVerb()
        : base("kv", "Read and write keys of a storage mode (or of the engine's own store), and see where a key lives")
    {
        operation.AcceptOnlyFromAmong(Operations);
        Add(operation);
        Add(words);
        foreach (var option in (Option[])[mode, dial, readers, writers, consistency, after, limit, node, output])
        {
            Add(option);
        }

        target.AddTo(this);
        SetAction(RunAsync);
    }

    public override IReadOnlyList<string> Examples =>
    [
        "lab kv put greeting hello && lab kv get greeting",
        "lab kv --mode client-server put greeting hello",
        "lab kv --mode client-server cas greeting hello goodbye",
        "lab kv --mode client-server where greeting",
        "lab kv scan user: --limit 20 -o json",
    ];

    public override IReadOnlyList<string> Notes =>
    [
        "Exit code 0: done; 1: there is no such key, another value stood there than expected, or it was refused, and the message says whether it may have taken effect.",
        "Redis clients reach the same keys by SELECT: 'lab list -o json' tells each mode's database.",
    ];

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var asked = parsed.GetValue(operation)!;
        var arguments = ArgumentsOf(asked, parsed.GetValue(words) ?? [], parsed).Concat(Dial(parsed)).ToList();
        ModeVerb.RefuseTwice(arguments.Where(argument => argument.Value is not null).Select(argument => argument.Name));
        if (arguments.Contains(("key", "")))
        {
            throw new UsageException("the key is empty: a key has one byte at least ('lab kv --help' shows examples)");
        }

        var cluster = await target.OpenAsync(parsed, cancellation).ConfigureAwait(false);
        IKeyStore store = parsed.GetValue(mode) is { } slug ? new ModeKeyStore(cluster, parsed.GetValue(node), slug) : new EngineKeyStore(cluster, parsed.GetValue(node));
        return Show(asked, await store.AskAsync(asked, arguments, cancellation).ConfigureAwait(false), parsed.GetValue(output) == "json");
    }

    private IEnumerable<(string Name, string? Value)> ArgumentsOf(string asked, string[] given, ParseResult parsed) => (asked, given) switch
    {
        ("get" or "delete" or "where", [var key]) => [("key", key)],
        ("put", [var key, var value]) => [("key", key), ("value", value)],
        ("cas", [var key, var value]) => [("key", key), ("value", value)],
        ("cas", [var key, var expected, var value]) => [("key", key), ("expected", expected), ("value", value)],
        ("scan", []) => [("limit", parsed.GetValue(limit).ToString(CultureInfo.InvariantCulture)), ("after", parsed.GetValue(after))],
        ("scan", [var prefix]) => [("prefix", prefix), ("limit", parsed.GetValue(limit).ToString(CultureInfo.InvariantCulture)), ("after", parsed.GetValue(after))],
        _ => throw new UsageException("'lab kv --help' shows examples: " + (asked switch
        {
            "put" => "write 'lab kv put KEY VALUE'",
            "cas" => "write 'lab kv cas KEY EXPECTED VALUE', or 'lab kv cas KEY VALUE' where no value may stand there",
            "scan" => "write 'lab kv scan [PREFIX]'",
            _ => $"write 'lab kv {asked} KEY'",
        })),
    };

    private IEnumerable<(string Name, string? Value)> Dial(ParseResult parsed)
    {
        foreach (var text in parsed.GetValue(dial) ?? [])
        {
            yield return text.IndexOf('=', StringComparison.Ordinal) is > 0 and var at ? (text[..at], text[(at + 1)..]) : throw new UsageException($"--dial '{text}' is no setting: write NAME=VALUE ('lab kv --help' shows examples)");
        }

        yield return ("r", parsed.GetValue(readers)?.ToString(CultureInfo.InvariantCulture));
        yield return ("w", parsed.GetValue(writers)?.ToString(CultureInfo.InvariantCulture));
        yield return ("consistency", parsed.GetValue(consistency));
    }

    private static int Show(string asked, JsonNode answer, bool json)
    {
        if (json)
        {
            Console.WriteLine(answer.ToJsonString());
        }
        else
        {
            switch (asked)
            {
                case "get":
                    KeyTables.WriteValues([answer.DeepClone()]);
                    break;
                case "scan":
                    KeyTables.WriteValues(answer["keys"]!.AsArray());
                    break;
                case "where":
                    KeyTables.WriteWhereabouts(answer);
                    break;
                default:
                    KeyTables.WriteWritten(answer);
                    break;
            }
        }

        var isMissing = (asked == "get" && answer["value"] is null) || (asked == "delete" && answer["replaced"]?.GetValue<bool>() == false);
        return isMissing ? Missing(answer) : ExitCodes.Ok;
    }

    private static int Missing(JsonNode answer)
    {
        Console.Error.WriteLine($"lab: there is no key '{answer["key"]}'");
        return ExitCodes.Failed;
    }
}
