using Cluster.Client.Interactive;
using Cluster.Client.Verbs;
using Cluster.Shared.Http;

namespace Cluster.Cluster.Tests.Interactive;

/// <summary>Lines mean what a reader of them would say, and completion offers what may come next and nothing else.</summary>
public class PaletteTests
{
    private static readonly ModeArgumentView Name = new("name", "text", "A name", 1, 100, IsRequired: true, null, []);
    private static readonly ModeArgumentView Kind = new("kind", "choice", "What it is", 0, 0, IsRequired: false, "topic", ["topic", "pattern"]);

    private static readonly IReadOnlyList<ModeView> Modes =
    [
        Mode("lock", "acquire", "show"),
        Mode("pub-sub", "subscribe", "list"),
        Mode("saga", "start", "look"),
        Mode("shared-nothing"),
    ];

    private readonly Palette palette = new(new LabCommand(), Modes, ["n1", "n2"]);

    [Theory]
    [InlineData("status", "status")]
    [InlineData("lab status", "status")]
    [InlineData("./lab kill n1", "kill n1")]
    [InlineData("pub-sub list", "mode pub-sub list")]
    [InlineData("pub-sub", "mode pub-sub")]
    [InlineData("lock acquire name=a", "mode lock acquire name=a")]
    [InlineData("lock backup -- true", "lock backup -- true")]
    [InlineData("lock", "lock")]
    [InlineData("saga start --id o1", "saga start --id o1")]
    [InlineData("saga look id=o1", "mode saga look id=o1")]
    [InlineData("shared-nothing get", "shared-nothing get")]
    public void A_line_is_a_verb_or_a_modes_operation(string line, string arguments) => Assert.Equal(arguments.Split(' '), palette.Arguments(line.Split(' ')));

    [Theory]
    [InlineData("list", "mode pub-sub list")]
    [InlineData("lab list", "list")]
    [InlineData("lock show name=a", "mode lock show name=a")]
    [InlineData("status", "status")]
    public void A_used_modes_operations_come_first(string line, string arguments) => Assert.Equal(arguments.Split(' '), (palette with { Used = "pub-sub" }).Arguments(line.Split(' ')));

    [Theory]
    [InlineData("loc", "lock")]
    [InlineData("lock ", "acquire show")]
    [InlineData("lock acquire ", "kind= name=")]
    [InlineData("lock acquire name=a ", "kind=")]
    [InlineData("lock acquire name=a kind=", "kind=pattern kind=topic")]
    [InlineData("lock acquire name=a kind=p", "kind=pattern")]
    [InlineData("use p", "pub-sub")]
    [InlineData("node ", "n1 n2")]
    [InlineData("kill n", "n1 n2")]
    [InlineData("mode pub", "pub-sub")]
    [InlineData("run sha", "shared-nothing")]
    [InlineData("run shared-nothing ", "")]
    [InlineData("run shared-nothing --eng", "--engine")]
    [InlineData("cluster e", "events")]
    [InlineData("lab cluster e", "events")]
    [InlineData("saga st", "start")]
    [InlineData("mode lock --node ", "n1 n2")]
    [InlineData("status -o ", "json table")]
    [InlineData("nothing ", "")]
    public void What_may_come_next_is_offered(string line, string candidates)
    {
        var split = SplitLine.Of(line);

        Assert.Equal(candidates.Split(' ', StringSplitOptions.RemoveEmptyEntries), palette.Complete(split.Finished, split.Last));
    }

    [Theory]
    [InlineData("lock acquire", " name=TEXT [kind=topic]")]
    [InlineData("lock acquire kind=pattern ", "name=TEXT")]
    [InlineData("lock acquire name=a kind=topic", "")]
    [InlineData("kill", " NODE")]
    [InlineData("status", "")]
    public void What_is_still_to_be_written_is_shown(string line, string hint)
    {
        var split = SplitLine.Of(line);

        Assert.Equal(hint, palette.Hint(split.Words, split.Last.Length > 0));
    }

    [Theory]
    [InlineData("statsu", "status")]
    [InlineData("pubsub-", "pubsub")]
    [InlineData("status", null)]
    [InlineData("xyzzyxyzzy", null)]
    public void A_mistyped_word_is_told_its_nearest(string word, string? nearest) => Assert.Equal(nearest, palette.Nearest(word));

    [Theory]
    [InlineData("kv put k 'a b' \"c \\\" d\" e\\ f ''", "kv|put|k|a b|c \" d|e f|", false)]
    [InlineData("kv put 'a", "kv|put|a", true)]
    [InlineData("  status  ", "status", false)]
    public void Quotes_are_a_shells(string line, string words, bool isOpen)
    {
        var split = SplitLine.Of(line);

        Assert.Equal((words, isOpen), (string.Join('|', split.Words), split.IsOpen));
        Assert.All(split.Words, word => Assert.Equal([word], SplitLine.Of(SplitLine.Quote(word)).Words));
    }

    private static ModeView Mode(string slug, params string[] operations) =>
        new(slug, "coordination", "A mode", [], [.. operations.Select(name => new ModeOperationView(name, "Does it", IsRead: false, [Name, Kind]))]);
}
