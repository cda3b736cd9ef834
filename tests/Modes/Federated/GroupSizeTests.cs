using System.Text;
using System.Text.Json;
using Cluster.Engine.Actors.Remote;
using Cluster.Engine.Port;
using Cluster.Modes.Federated;
using Cluster.Modes.Storage;

namespace Cluster.Modes.Tests.Federated;

/// <summary>Whatever clients write, a group stays below what the engine takes of one entity and of one message, and whatever it refuses it can get out of.</summary>
public class GroupSizeTests
{
    private const int RecordsOfATenth = 13;

    private readonly TwoClusters clusters = new();

    /// <summary>The longest that a client may write, and in JSON the longest of these.</summary>
    private static string Longest => new('<', StorageOperations.ValueBytesMax);

    [Fact]
    public void A_text_takes_no_more_in_JSON_than_is_counted_and_plain_text_no_less()
    {
        foreach (var text in new[] { "", "plain text, 0-9 and [brackets]: {a;b}", Longest, "héllo wörld", "日本語", "\"\\\n\t\u0001", "\U0001F600", "\uD800 alone" })
        {
            Assert.InRange(JsonSerializer.SerializeToUtf8Bytes(text).Length - 2, 0, JsonLength.Of(text));
        }

        var plain = string.Concat(Enumerable.Range(' ', '~' - ' ' + 1).Select(code => (char)code).Where(letter => JsonLength.Of($"{letter}") == 1));
        Assert.Equal(JsonSerializer.SerializeToUtf8Bytes(plain).Length - 2, JsonLength.Of(plain));
        Assert.Equal(0, JsonLength.Of(null));
    }

    [Fact]
    public void Whatever_travels_fits_a_message_also_where_every_letter_is_escaped()
    {
        clusters.Ask("west", new TakeHome());
        foreach (var cluster in new[] { "east", "west" })
        {
            for (var i = 0; i < 6; i++)
            {
                Assert.NotNull(clusters.Write(cluster, $"k{i}", Longest));
            }
        }

        Fits(clusters.Ask("west", new ReadAfter(WriteVersion.None, 200, Digest: true)));
        Fits(clusters.Ask("west", new ListKeys("", "", 1_000, Anywhere: true)));
        clusters.Ask("east", new LearnEpochs(clusters["west"].Epochs));
        for (var round = 0; round < 20 && (round == 0 || clusters.Standing("east").Tail > 0); round++)
        {
            Fits(clusters.Ask("east", new ReadTail(200)));
            clusters.HandIn("east", "west", most: 200);
            clusters.Pull("east", "west", most: 200);
        }

        Assert.Equal((6L, 0), (clusters["west"].LostTotal, clusters.Standing("east").Tail));
        Assert.Equal(clusters["west"].Keys.Values, clusters["east"].Keys.Values);
        Fits(clusters.Ask("west", new ReadConflicts()));
    }

    [Fact]
    public void What_one_cluster_asks_another_can_be_sent()
    {
        var messages = new MessageRegistry();
        FederatedMode.Mode.Parts!.Messages!(messages);
        foreach (var command in new GroupCommand[] { new WriteKey("k", "v"), new CompareKey("k", null, "v"), new ReadKey("k", true), new ListKeys("", "", 1, true), new ReadStanding(), new HandOver("east"), new TakeHome() })
        {
            Assert.True(messages.TryEncode(new Forwarded(1, TwoClusters.Group, command), out var encoded, out var error), error);
            Assert.True(messages.TryDecode(encoded, out var decoded, out error), error);
            Assert.Equal(command, ((Forwarded)decoded).Command);
        }

        foreach (var reply in new GroupReply[] { new KeyRead("v", WriteVersion.None), new GroupFull(1, 2), clusters.Standing("east") })
        {
            Assert.True(messages.TryEncode(new ForwardedReply(1, reply), out _, out var error), error);
        }
    }

    [Fact]
    public void A_full_group_refuses_values_with_words_and_takes_deletions_shorter_values_and_changes_of_home()
    {
        Fill("east", "k");
        Assert.InRange(GroupCore.Type.WriteState(clusters["east"]).Length, GroupSize.MostForWrites / 2, EntityLimits.MaxStateBytes);
        Assert.Contains("take some away", new GroupAnswered(TwoClusters.Group, clusters.Ask("east", new WriteKey("more", Longest))!, null).Failure.Error!.Message, StringComparison.Ordinal);
        Assert.IsType<GroupFull>(clusters.Ask("east", new CompareKey("more", null, Longest)));

        Assert.NotNull(clusters.Write("east", "k0", "short"));
        Assert.NotNull(clusters.Write("east", "k1", null));
        Assert.NotNull(clusters.Write("east", "never there", null));
        Assert.NotNull(clusters.Write("east", "more", new string('x', StorageOperations.ValueBytesMax)));
        clusters.Ask("west", new TakeHome());
        clusters.Ask("east", new LearnEpochs(clusters["west"].Epochs));
        Assert.Equal("west", Lineage.Current(clusters["east"].Epochs, "east").Home);
        Assert.Equal(GroupSize.Of(clusters["east"]), clusters["east"].Size);
    }

    [Fact]
    public void Deletions_of_long_keys_fill_no_group()
    {
        var key = new string('<', StorageOperations.KeyBytesMax - 5);
        for (var i = 0; i < 1_000; i++)
        {
            Assert.NotNull(clusters.Write("east", $"{key}{i}", null));
        }

        Assert.InRange(clusters["east"].Size, 0, GroupSize.MostForRemoved + (64 * 1024));
        Assert.Equal(GroupSize.Of(clusters["east"]), clusters["east"].Size);
    }

    [Fact]
    public void Two_homes_that_each_filled_the_group_alone_stay_below_what_an_entity_may_hold_and_are_settled_once_there_is_room()
    {
        clusters.Ask("west", new TakeHome());
        Fill("east", "e");
        Fill("west", "w");
        clusters.Ask("east", new LearnEpochs(clusters["west"].Epochs));
        Settle(rounds: 60);
        foreach (var cluster in new[] { "east", "west" })
        {
            Assert.InRange(clusters[cluster].Size, 0, EntityLimits.MaxStateBytes);
            Assert.InRange(GroupCore.Type.WriteState(clusters[cluster]).Length, 0, EntityLimits.MaxStateBytes);
        }

        Assert.NotEqual(0, clusters.Standing("east").Tail); // There is no room for all of it, so it waits.
        foreach (var record in clusters["west"].Keys.Values.Where(record => record.Key.StartsWith('w')))
        {
            Assert.NotNull(clusters.Write("west", record.Key, null));
        }

        Settle(rounds: 60);
        Assert.Equal(0, clusters.Standing("east").Tail);
        Assert.Equal(clusters["west"].Keys.Values, clusters["east"].Keys.Values);
        Assert.All(new[] { "east", "west" }, cluster => Assert.Equal(GroupSize.Of(clusters[cluster]), clusters[cluster].Size));
    }

    [Fact]
    public void A_list_that_was_cut_short_ends_the_joined_one_since_its_next_keys_may_belong_in_between()
    {
        var joined = ScanActor.Joined([Listed(isPart: true, "a", "c"), Listed(isPart: false, "b", "d")], 10);

        Assert.Equal(["a", "b", "c"], joined.Keys.Select(key => key.Key));
        Assert.True(joined.HasMore);
        Assert.False(ScanActor.Joined([Listed(isPart: false, "a", "c"), Listed(isPart: false, "b", "d")], 4).HasMore);
        Assert.True(ScanActor.Joined([Listed(isPart: false, "a", "c"), Listed(isPart: false, "b", "d")], 3).HasMore);
    }

    [Fact]
    public void A_state_of_the_first_version_is_read_and_counted()
    {
        var old = Encoding.UTF8.GetBytes("""
            {"epochs":[{"number":1,"home":"east","at":{"epoch":0,"home":"","number":0}},{"number":2,"home":"west","at":{"epoch":1,"home":"east","number":4}}],"position":{"epoch":2,"home":"west","number":3},
            "keys":{"a":{"key":"a","value":"1","version":{"epoch":2,"home":"west","number":3},"wallMs":5}},"tail":[],"acknowledged":{},"settled":{"1":{"epoch":1,"home":"east","number":9}},"lost":[],"lostTotal":2,
            "resync":{"epoch":0,"home":"","number":0}}
            """);

        var state = GroupCore.Type.ReadState(1, old);

        Assert.Equal((GroupSize.Of(state), 2L, null), (state.Size, state.LostTotal, state.Cursor));
        Assert.Equal("1.east.9", Assert.Single(state.Settled).Value.ToString());
        Assert.Equal(GroupCore.Type.WriteState(state), GroupCore.Type.WriteState(GroupCore.Type.ReadState(2, GroupCore.Type.WriteState(state))));
    }

    private static KeysListed Listed(bool isPart, params string[] keys) => new([.. keys.Select(key => new StoredRecord(key, "v", WriteVersion.None, 0))], isPart);

    private static void Fits(object? message) => Assert.True(GroupCore.Type.Codec.TryEncode(message!, out _, out var error), error);

    /// <summary>Until it takes no more.</summary>
    private void Fill(string cluster, string prefix)
    {
        for (var i = 0; clusters.Write(cluster, $"{prefix}{i}", new string('x', StorageOperations.ValueBytesMax)) is not null; i++)
        {
            Assert.True(i < 10 * RecordsOfATenth, "it is never full");
        }
    }

    private void Settle(int rounds)
    {
        for (var round = 0; round < rounds; round++)
        {
            clusters.HandIn("east", "west", most: 200);
            clusters.Pull("east", "west", most: 200);
        }
    }
}
