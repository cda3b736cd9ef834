using System.CommandLine;
using System.Text.Json;
using Cluster.Client.Interactive;
using Cluster.Client.Nodes;
using Cluster.Client.Output;
using Cluster.Lab.Http;
using Cluster.Lab.Workloads.Sessions;
using Cluster.Shared.Http;

namespace Cluster.Client.Verbs;

/// <summary>
/// Asks a mode on a node. The node tells which modes and operations there are, and the console checks nothing that the node does not: so a mode that is added needs no line here.
/// </summary>
internal sealed class ModeVerb : Verb
{
    private readonly Argument<string?> slug = new("MODE") { Description = "A mode, as 'lab list' shows it; left out: all modes that can be asked", Arity = ArgumentArity.ZeroOrOne };
    private readonly Argument<string?> operation = new("OPERATION") { Description = "One of the mode's operations; left out: all of them", Arity = ArgumentArity.ZeroOrOne };
    private readonly Argument<string[]> arguments = new("NAME=VALUE") { Description = "The operation's arguments", Arity = ArgumentArity.ZeroOrMore };
    private readonly Option<string?> node = new("--node") { Description = "The node that is asked; the first that answers when not given", HelpName = "NODE" };
    private readonly Option<string> output = VerbOptions.Output();
    private readonly TargetOptions target = new();

    public ModeVerb()
        : base("mode", "Ask a mode on a node: take a ticket, acquire a lock, ...; alone, show what can be asked")
    {
        Add(slug);
        Add(operation);
        Add(arguments);
        Add(node);
        Add(output);
        target.AddTo(this);
        SetAction(RunAsync);
    }

    public override IReadOnlyList<string> Examples => ["lab mode", "lab mode leader-election", "lab mode leader-election take", "lab mode leader-election who --node n2"];

    public override IReadOnlyList<string> Notes => ["The answer is JSON. Exit code 0: answered; 1: refused, and the message says why and whether it may have taken effect; 64: an argument is missing, unknown, or has a value that it may not have."];

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var cluster = await target.OpenAsync(parsed, cancellation).ConfigureAwait(false);
        var modes = await ModeCaller.ListAsync(cluster, parsed.GetValue(node), cancellation).ConfigureAwait(false);
        if (parsed.GetValue(slug) is not { } named)
        {
            Write(parsed, [.. modes.Where(mode => mode.Operations.Count > 0)]);
            return ExitCodes.Ok;
        }

        var mode = modes.FirstOrDefault(mode => mode.Slug == named) ?? throw Suggestion.Unknown("mode", named, modes.Select(mode => mode.Slug));
        if (parsed.GetValue(operation) is not { } wanted)
        {
            Write(parsed, [mode]);
            return ExitCodes.Ok;
        }

        var asked = mode.Operations.FirstOrDefault(operation => operation.Name == wanted) ?? throw Suggestion.Unknown($"operation of {named}", wanted, mode.Operations.Select(operation => operation.Name));
        var given = parsed.GetValue(arguments)!.Select(Split).ToList();
        RefuseTwice(given.Select(argument => argument.Name));
        var call = new ModeCall(named, wanted, asked.IsRead, [.. given]);
        Console.WriteLine(await ModeCaller.CallAsync(cluster, parsed.GetValue(node), call, cancellation).ConfigureAwait(false));
        return ExitCodes.Ok;
    }

    private static (string Name, string? Value) Split(string argument) => argument.IndexOf('=', StringComparison.Ordinal) is > 0 and var at
        ? (argument[..at], argument[(at + 1)..])
        : throw new UsageException($"'{argument}' is no argument: write NAME=VALUE");

    /// <exception cref="UsageException">A name stands there twice.</exception>
    internal static void RefuseTwice(IEnumerable<string> names)
    {
        if (names.GroupBy(name => name).FirstOrDefault(same => same.Count() > 1) is { Key: var twice })
        {
            throw new UsageException($"{twice} is given twice: give it once");
        }
    }

    private void Write(ParseResult parsed, IReadOnlyList<ModeView> modes)
    {
        if (parsed.GetValue(output) == "json")
        {
            Console.WriteLine(JsonSerializer.Serialize(modes, WireJson.Default.IReadOnlyListModeView));
            return;
        }

        var listing = new Listing("mode", "operation", "arguments", "what it does");
        foreach (var (mode, asked) in modes.SelectMany(mode => mode.Operations.Select(asked => (mode, asked))))
        {
            listing.Add(Format.Plain(mode.Slug), Format.Plain(asked.Name), Format.Plain(string.Join(' ', asked.Arguments.Select(Palette.Usage))), Format.Plain(asked.Summary));
        }

        if (listing.Rows == 0)
        {
            Console.WriteLine("Its operations are the key-value store's own: redis-cli, 'lab redis', HTTP /kv.");
            return;
        }

        listing.Write();
    }
}
