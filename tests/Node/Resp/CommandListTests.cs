using Cluster.Node.Resp.Table;
using Cluster.Node.Tests.Support;

namespace Cluster.Node.Tests.Resp;

/// <summary>The list of commands in the node's README is made from the table; <c>CLUSTER_LAB_RECORD</c> makes it anew.</summary>
public sealed class CommandListTests
{
    private const string Begin = "<!-- commands: made from the table by CommandListTests -->\n";
    private const string End = "<!-- /commands -->";

    [Fact]
    public async Task The_README_lists_the_commands_there_are()
    {
        var file = Path.Combine(Repository.Root, "src", "Node", "README.md");
        var text = await File.ReadAllTextAsync(file);
        var start = text.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        var end = text.IndexOf(End, StringComparison.Ordinal);
        Assert.InRange(end, start, text.Length);
        var expected = string.Concat(CommandTable.Everything.Where(spec => spec.Handler is not null).GroupBy(spec => spec.Group).Select(Section));
        if (Environment.GetEnvironmentVariable("CLUSTER_LAB_RECORD") is not null)
        {
            await File.WriteAllTextAsync(file, text[..start] + expected + text[end..]);
            return;
        }

        Assert.Equal(expected, text[start..end]);
    }

    private static string Section(IGrouping<string, CommandSpec> group) =>
        $"\n**{group.Key}**\n\n" + string.Concat(group.Select(spec => $"- `{CommandSyntax.Print(spec)}` {spec.Summary}\n"));
}
