using Spectre.Console;

namespace Cluster.Client.Output;

/// <summary>A table as kubectl prints it: upper-case heads, no lines, columns as wide as they need.</summary>
internal sealed class Listing
{
    private readonly Table table = new() { Border = TableBorder.None, ShowRowSeparators = false };

    public Listing(params ReadOnlySpan<string> heads)
    {
        foreach (var head in heads)
        {
            table.AddColumn(new TableColumn(new Markup($"[grey]{head.ToUpperInvariant()}[/]")) { NoWrap = true, Padding = new Padding(0, 0, 2, 0) });
        }
    }

    public int Rows => table.Rows.Count;

    /// <summary>Cells are markup: text from elsewhere must be escaped.</summary>
    public void Add(params string[] cells) => table.AddRow(cells);

    public void Write() => Terminal.Console.Write(table);
}
