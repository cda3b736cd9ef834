using System.Buffers;
using System.Text;
using Cluster.Lab.Benchmarks.Loops;
using Cluster.Lab.Resp;

namespace Cluster.Lab.Tests.Benchmarks;

/// <summary>The scanner, which makes nothing of a reply, against the parser, which makes all of it.</summary>
public class ReplyScannerTests
{
    private const string Replies =
        "+OK\r\n$3\r\nabc\r\n$-1\r\n:42\r\n-ERR no such thing\r\n$0\r\n\r\n*-1\r\n*0\r\n*2\r\n$1\r\na\r\n*2\r\n-ERR inside\r\n$-1\r\n+\r\n$6\r\n\r\n$\r\n*\r\n-CLUSTERDOWN\r\n*1\r\n*1\r\n*0\r\n+end\r\n";

    [Fact]
    public void Replies_end_where_the_parser_says_however_the_bytes_come()
    {
        var bytes = Encoding.ASCII.GetBytes(Replies);
        var expected = Parse(bytes);

        for (var chunk = 1; chunk <= bytes.Length; chunk++)
        {
            Assert.Equal(expected, Scan(bytes, chunk));
        }
    }

    [Theory]
    [InlineData("HTTP/1.1 400 Bad Request\r\n")]
    [InlineData("$-2\r\n")]
    [InlineData("$x\r\n")]
    [InlineData("$99999999999\r\n")]
    [InlineData("*99999999999\r\n")]
    [InlineData("\r\n")]
    [InlineData("+OK\n")]
    public void What_can_never_become_a_reply_is_refused(string text)
    {
        Assert.Throws<RespProtocolException>(() => new ReplyScanner().TryRead(Encoding.ASCII.GetBytes(text), out _, out _, out _));
    }

    private static List<(int End, ReplyKind Kind, string Error)> Parse(byte[] bytes)
    {
        var replies = new List<(int, ReplyKind, string)>();
        var left = new ReadOnlySequence<byte>(bytes);
        while (RespParser.TryParse(ref left, out var value))
        {
            var kind = value.Kind switch { RespKind.Error => ReplyKind.Error, RespKind.Null => ReplyKind.Null, _ => ReplyKind.Ok };
            replies.Add((bytes.Length - (int)left.Length, kind, value.IsError ? value.Text! : ""));
        }

        return replies;
    }

    /// <summary>As the generator reads: what is not consumed stays, and more comes.</summary>
    private static List<(int End, ReplyKind Kind, string Error)> Scan(byte[] bytes, int chunk)
    {
        var replies = new List<(int, ReplyKind, string)>();
        var scanner = new ReplyScanner();
        var at = 0;
        for (var arrived = 0; arrived < bytes.Length;)
        {
            arrived = Math.Min(bytes.Length, arrived + chunk);
            bool found;
            do
            {
                found = scanner.TryRead(bytes.AsSpan(at, arrived - at), out var consumed, out var kind, out var error);
                at += consumed;
                if (found)
                {
                    replies.Add((at, kind, Encoding.ASCII.GetString(error)));
                }
            }
            while (found);
        }

        return replies;
    }
}
