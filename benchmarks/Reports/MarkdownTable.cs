namespace Cluster.Benchmarks.Reports;

/// <summary>A table for docs/performance.md.</summary>
internal sealed class MarkdownTable(params string[] heads)
{
    private readonly List<string> lines = [Row(heads), Row([.. heads.Select(_ => "---")])];

    public void Add(params string[] cells) => lines.Add(Row(cells));

    public override string ToString() => string.Join('\n', lines);

    /// <summary>To the console, and to the file's end if there is one.</summary>
    public void Write(string? file)
    {
        Console.WriteLine(this);
        if (file is not null)
        {
            File.AppendAllText(file, this + "\n\n");
        }
    }

    private static string Row(IEnumerable<string> cells) => "| " + string.Join(" | ", cells) + " |";
}
