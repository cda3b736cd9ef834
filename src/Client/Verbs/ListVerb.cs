using System.CommandLine;
using System.Globalization;
using Cluster.Client.Nodes;
using Cluster.Client.Output;

namespace Cluster.Client.Verbs;

/// <summary>Every mode that the node program has. It is asked itself, so the list is never out of date.</summary>
internal sealed class ListVerb : Verb
{
    private readonly Option<string> output = VerbOptions.Output("markdown");

    public ListVerb()
        : base("list", "Every mode: its slug, its family, what it claims, its broken variants")
    {
        Add(output);
        SetAction(RunAsync);
    }

    public override IReadOnlyList<string> Examples => ["lab list", "lab list -o json", "lab list -o markdown"];

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        if (parsed.GetValue(output) == "markdown")
        {
            Console.WriteLine(await ModeCatalog.ReadMarkdownAsync(cancellation).ConfigureAwait(false));
            return ExitCodes.Ok;
        }

        var json = await ModeCatalog.ReadJsonAsync(cancellation).ConfigureAwait(false);
        if (parsed.GetValue(output) == "json")
        {
            Console.WriteLine(json);
            return ExitCodes.Ok;
        }

        var listing = new Listing("mode", "family", "db", "claim", "broken variants");
        foreach (var mode in ModeCatalog.Parse(json))
        {
            listing.Add(Format.Plain(mode.Slug), Format.Plain(mode.Family), Format.Plain(mode.Database?.ToString(CultureInfo.InvariantCulture)), Format.Plain(mode.Claim), Format.Plain(string.Join(", ", mode.Bugs)));
        }

        if (listing.Rows == 0)
        {
            Console.WriteLine("This build has no modes.");
            return ExitCodes.Ok;
        }

        listing.Write();
        return ExitCodes.Ok;
    }
}
