using System.Buffers;
using System.Text;
using Cluster.Lab.Resp;

namespace Cluster.Lab.Tests.Resp;

public class RespParserTests
{
    [Fact]
    public void Every_type_of_reply_is_read()
    {
        var buffer = Bytes("+OK\r\n-CLUSTERDOWN no leader\r\n:-42\r\n$3\r\na\r\n\r\n$-1\r\n*2\r\n$1\r\nx\r\n*-1\r\n");

        Assert.Equal("OK", Next(ref buffer)!.Text);
        var error = Next(ref buffer)!;
        Assert.Equal(("CLUSTERDOWN", true), (error.ErrorCode, error.IsError));
        Assert.Equal(-42, Next(ref buffer)!.Number);
        Assert.Equal("a\r\n", Next(ref buffer)!.Text);
        Assert.Null(Next(ref buffer)!.Text);
        Assert.Equal(["x", null], Next(ref buffer)!.Items!.Select(item => item.Text));
        Assert.True(buffer.IsEmpty);
    }

    [Fact]
    public void A_reply_that_is_not_there_whole_consumes_nothing()
    {
        const string Whole = "*2\r\n$3\r\nabc\r\n:17\r\n";
        for (var length = 0; length < Whole.Length; length++)
        {
            var part = Bytes(Whole[..length]);
            Assert.Null(Next(ref part));
            Assert.Equal(length, part.Length);
        }
    }

    [Theory]
    [InlineData("*1000000000\r\n")]
    [InlineData("$999999999999\r\n")]
    [InlineData("$2\r\nabc\r\n")]
    [InlineData(":12x\r\n")]
    [InlineData(":\r\n")]
    [InlineData("\r\n")]
    [InlineData("hello\r\n")]
    [InlineData("$-5\r\n")]
    public void What_can_never_become_a_reply_is_refused(string text) => Assert.Throws<RespProtocolException>(() =>
    {
        var buffer = Bytes(text);
        return RespParser.TryParse(ref buffer, out _);
    });

    [Fact]
    public void Arrays_nested_too_deep_are_refused() => Assert.Throws<RespProtocolException>(() =>
    {
        var buffer = Bytes(string.Concat(Enumerable.Repeat("*1\r\n", 100)));
        return RespParser.TryParse(ref buffer, out _);
    });

    private static ReadOnlySequence<byte> Bytes(string text) => new(Encoding.UTF8.GetBytes(text));

    private static RespValue? Next(ref ReadOnlySequence<byte> buffer) => RespParser.TryParse(ref buffer, out var value) ? value : null;
}
