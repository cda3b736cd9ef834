using Cluster.Modes.LogBased;
using Cluster.Modes.Streams;

namespace Cluster.Modes.Tests.LogBased;

public class RecordsReaderTests
{
    [Fact]
    public void Texts_objects_and_tombstones_are_read_and_what_is_no_text_is_kept_as_its_JSON()
    {
        Assert.True(RecordsReader.TryRead("""["a", {"key":"k","value":"b"}, {"key":"k","value":null}, {"value":{"n":1}}]""", out var records, out _));

        Assert.Equal([(null, "a"), ("k", "b"), ("k", null), (null, """{"n":1}""")], records.Select(record => (LogSteps.KeyOf(record), LogSteps.ValueOf(record))));
    }

    [Theory]
    [InlineData("{}", "records are a JSON array")]
    [InlineData("[", "records are no JSON")]
    [InlineData("[1]", "record 0: it is neither")]
    [InlineData("""["a",{}]""", "record 1: it has neither key nor value")]
    [InlineData("""[{"key":"k","valeu":"b"}]""", "record 0: it has 'valeu'")]
    [InlineData("""["a",{"key":"k","value":"b","value":"c"}]""", "record 1: 'value' stands there twice")]
    [InlineData("""["a","b\ud800"]""", "record 1: a text in it has half of a surrogate pair")]
    [InlineData("""[{"key":"\udc00","value":"b"}]""", "record 0: a text in it has half of a surrogate pair")]
    [InlineData("""[{"\ud800":"k","value":"b"}]""", "record 0: a text in it has half of a surrogate pair")]
    public void What_is_no_record_is_refused_with_its_place(string json, string why)
    {
        Assert.False(RecordsReader.TryRead(json, out _, out var said));
        Assert.StartsWith(why, said, StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_has_one_partition_for_good() => Assert.Equal([0, 1, 2, 3], new[] { "a", "b", "c", "d" }.Select(key => LogSteps.PartitionOf(key, 4)));
}
