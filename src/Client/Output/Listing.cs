using System.Globalization;
using Cluster.Shared.Files;
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

    /// <summary>A node's row under the heads node, pid, redis, http, remoting.</summary>
    public void Add(ClusterFileNode node) =>
        Add(Format.Plain(node.Name), node.Pid.ToString(CultureInfo.InvariantCulture), Format.Plain(node.Resp), Format.Plain(node.Http), Format.Plain(node.Remoting));

    public void Write() => Terminal.Console.Write(table);
}
