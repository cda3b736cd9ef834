using System.Text;
using System.Text.Json;
using Cluster.Modes.Hosting;
using Cluster.Modes.Quorum;
using Cluster.Shared.Results;

namespace Cluster.Simulation.Tests.Modes;

/// <summary>The quorum mode on whole simulated nodes: what a client is told, whatever it asks and whoever is away.</summary>
public class QuorumNodesTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    private readonly ModeStage stage = new(QuorumMode.Mode, seed: 81);

    [Fact]
    public void A_value_is_read_at_any_node_after_the_power_of_all_was_lost()
    {
        var written = stage.Ask(1, "put", ("key", "a"), ("value", "1"));
        Assert.InRange(written.GetProperty("copies").GetInt32(), 2, 3);
        foreach (var node in stage.Cluster.Nodes)
        {
            node.LosePower();
        }

        stage.Cluster.StartAll();

        Assert.All([1, 2, 3], node => Assert.Equal("1", stage.Ask(node, "get", ("key", "a")).GetProperty("value").GetString()));
    }

    [Fact]
    public void With_two_copies_away_the_default_dial_is_refused_and_single_copies_and_sloppy_ones_too_where_nobody_stands_in()
    {
        stage.Ask(1, "put", ("key", "a"), ("value", "1"));
        stage.Cluster.Nodes[1].Kill();
        stage.Cluster.Nodes[2].Kill();
        stage.Cluster.Run(TimeSpan.FromSeconds(8)); // The failure detector has noticed.

        var refused = Answer(1, "get", ("key", "a"));
        Assert.Equal(ErrorCode.Unavailable, refused.Error!.Code);
        Assert.Contains("r=2 w=2 cannot be met: of n1, n2, n3 n1 hears only n1", Sorted(refused.Error.Message), StringComparison.Ordinal);
        Assert.Equal(ErrorCode.Unavailable, Answer(1, "put", ("key", "a"), ("value", "2")).Error!.Code);
        Assert.Equal("1", Read(Answer(1, "get", ("key", "a"), ("r", "1"), ("w", "1"))).GetProperty("value").GetString());
    }

    [Fact]
    public void Two_writers_with_one_context_leave_siblings_and_one_with_theirs_merges_them()
    {
        stage.Ask(1, "put", ("key", "cart"), ("value", "tea"), ("context", "none"));
        stage.Ask(2, "put", ("key", "cart"), ("value", "milk"), ("context", "none"));

        var both = stage.Ask(3, "get", ("key", "cart"));
        Assert.Equal(["milk", "tea"], both.GetProperty("siblings").EnumerateArray().Select(sibling => sibling.GetString()).Order());
        Assert.All(stage.Ask(3, "where", ("key", "cart")).GetProperty("versions").EnumerateArray(), version => Assert.Matches(@"\A[12]@n[12] named n[12]\.[0-9a-f]+:1\z", version.GetString()));
        stage.Ask(3, "put", ("key", "cart"), ("value", "tea and milk"), ("context", both.GetProperty("context").GetString()!));

        var merged = stage.Ask(1, "get", ("key", "cart"));
        Assert.Equal("tea and milk", merged.GetProperty("value").GetString());
        Assert.False(merged.TryGetProperty("siblings", out _));
    }

    [Theory]
    [InlineData("context", "tea", "context is not one that this mode gave")]
    [InlineData("token", "tea", "token is not one that this mode gave")]
    public void What_this_mode_never_gave_is_refused_with_words(string argument, string value, string words)
    {
        var refused = Answer(1, "put", ("key", "a"), ("value", "1"), (argument, value));

        Assert.Equal(ErrorCode.BadRequest, refused.Error!.Code);
        Assert.StartsWith(words, refused.Error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_x_ray_shows_who_is_behind_and_anti_entropy_brings_it_up_to_date()
    {
        stage.Cluster.Nodes[2].Kill();
        stage.Ask(1, "put", ("key", "a"), ("value", "1"));
        stage.Cluster.Start(3);
        stage.Cluster.RunUntil(() => States().Count == 3 && States().Values.All(state => state == "current"), TimeSpan.FromSeconds(20), () => $"three copies: {string.Join(", ", States())}");

        var picture = stage.Ask(1, "where", ("key", "a"));
        Assert.Contains("clockwise", picture.GetProperty("place").GetString(), StringComparison.Ordinal);
        Assert.True(picture.GetProperty("lastRepairMsAgo").GetDouble() >= 0);
    }

    private Dictionary<string, string?> States() => stage.Ask(1, "where", ("key", "a")).GetProperty("replicas").EnumerateArray()
        .ToDictionary(replica => replica.GetProperty("node").GetString()!, replica => replica.GetProperty("state").GetString());

    private ModeAnswer Answer(int node, string operation, params (string Name, string Value)[] arguments) =>
        stage.Cluster.Await(new ValueTask<ModeAnswer>(stage.AskAsync(node, operation, arguments)), Limit);

    private static JsonElement Read(ModeAnswer answer) => JsonDocument.Parse(Encoding.UTF8.GetString(answer.Json!)).RootElement;

    /// <summary>The preferred nodes stand in the order of the ring, which is none of this test's business.</summary>
    private static string Sorted(string words)
    {
        var (begin, end) = (words.IndexOf("of ", StringComparison.Ordinal) + 3, words.IndexOf(" n1 hears", StringComparison.Ordinal));
        return words[..begin] + string.Join(", ", words[begin..end].Split(", ").Order()) + words[end..];
    }
}
