using System.Text;
using Cluster.Lab.Histories;

namespace Cluster.Lab.Tests.Histories;

public class HistoryFileTests
{
    [Fact]
    public void What_is_written_is_read_back()
    {
        Operation[] operations =
        [
            new(3, "cas", "k1", ["a\"\n", "true"], 123, 456, Outcome.Ok, "true"),
            new(4, "read", "schlüssel", [], 5, 6, Outcome.Ok, null),
            new(5, "incr", "c", ["-7"], 7, 8, Outcome.Info, null),
            new(6, "write", "k2", ["007"], 9, 10, Outcome.Fail, null),
        ];
        var fault = new FaultEvent("kill", "n2", 99);
        using var stream = new MemoryStream();
        using (var writer = new HistoryWriter(stream))
        {
            writer.Write(operations[0]);
            writer.Write(fault);
            Array.ForEach(operations[1..], writer.Write);
            Assert.Equal(4, writer.Count);
        }

        var history = HistoryReader.Read(new StringReader(Encoding.UTF8.GetString(stream.ToArray())));

        Assert.Equal(operations.Select(operation => operation.ToString()), history.Operations.Select(operation => operation.ToString()));
        Assert.Equal([fault], history.Faults);
    }

    [Fact]
    public void A_line_is_what_the_format_says()
    {
        using var stream = new MemoryStream();
        using (var writer = new HistoryWriter(stream))
        {
            writer.Write(new Operation(3, "cas", "k1", ["x", "12"], 123, 456, Outcome.Ok, "true"));
        }

        Assert.Equal("""{"process":3,"op":"cas","key":"k1","input":["x",12],"call":123,"return":456,"outcome":"ok","output":true}""" + "\n", Encoding.UTF8.GetString(stream.ToArray()));
    }

    [Theory]
    [InlineData("nonsense", "line 2")]
    [InlineData("""{"process":1,"op":"read","key":"k","call":5,"return":6,"outcome":"maybe"}""", "maybe")]
    [InlineData("""{"process":1,"op":"read","key":"k","call":5,"return":4,"outcome":"ok"}""", "return")]
    [InlineData("""{"process":1,"op":"read","call":5,"return":6,"outcome":"ok"}""", "'key'")]
    [InlineData("""{"process":1,"op":null,"key":"k","call":5,"return":6,"outcome":"ok"}""", "null")]
    public void A_line_that_is_no_operation_is_refused_by_its_number(string line, string complaint)
    {
        var error = Assert.Throws<FormatException>(() => HistoryReader.Read(new StringReader("\n" + line)));

        Assert.Contains("line 2", error.Message, StringComparison.Ordinal);
        Assert.Contains(complaint, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_operation_of_unknown_outcome_needs_no_return() =>
        Assert.Equal(long.MaxValue, HistoryReader.Read(new StringReader("""{"process":1,"op":"write","key":"k","input":"v","call":5,"return":null,"outcome":"info"}""")).Operations[0].Return);
}
