using System.Buffers;
using System.Text;
using Cluster.Node.Resp;
using Cluster.Node.Resp.Protocol;
using Cluster.Node.Tests.Support;
using FsCheck;
using FsCheck.Fluent;

namespace Cluster.Node.Tests.Resp;

/// <summary>The parser against its dumb twin, the list of commands that was encoded; and against bytes that mean nothing.</summary>
public sealed class ParserFuzzTests
{
    private static readonly Gen<string> Words = Gen.Elements("GET", "key", "", "a b", "v\r\nw", "\0", "*3", "$-1", "'", "\"", new string('x', 3000));

    /// <summary>A command, and whether it is sent as a line.</summary>
    private static readonly Gen<(string[] Words, bool Inline)> Commands =
        from inline in Gen.Frequency((3, Gen.Constant(false)), (1, Gen.Constant(true)))
        from words in inline ? Gen.Elements("GET", "key", "a-b", "x").NonEmptyListOf() : Words.NonEmptyListOf()
        select (words.ToArray(), inline);

    [Fact]
    public void A_pipeline_cut_anywhere_is_the_commands_that_were_sent()
    {
        var pipelines = from commands in Commands.ListOf() from seed in Gen.Choose(0, int.MaxValue) select (Commands: commands.ToArray(), Seed: seed);
        Prop.ForAll(pipelines.ToArbitrary(), pipeline =>
        {
            using var bytes = new MemoryStream();
            foreach (var (words, inline) in pipeline.Commands)
            {
                bytes.Write(inline ? Encoding.UTF8.GetBytes(string.Join(' ', words) + "\r\n") : RespClient.Encode(words));
            }

            var (found, status) = Parse(bytes.ToArray(), new Random(pipeline.Seed));
            Assert.Equal(ParseStatus.NeedMore, status);
            Assert.Equal(pipeline.Commands.Select(command => command.Words), found);
        }).Check(Config.QuickThrowOnFailure.WithReplay(20260101, 7).WithMaxTest(300));
    }

    [Fact]
    public void Bytes_that_mean_nothing_end_in_an_error_or_wait_for_more_however_they_are_cut()
    {
        var pieces = Gen.Elements("*", "$", "-1", "0", "1", "3", "99999999999999999999", "1048577", "\r\n", "\r", "\n", " ", "'", "\"", "\\x4", "GET", ":", "\0", "\u00ff", "$3\r\nGET\r\n", "*2\r\n");
        var inputs = from parts in pieces.ListOf() from seed in Gen.Choose(0, int.MaxValue) select (Text: string.Concat(parts), Seed: seed);
        Prop.ForAll(inputs.ToArbitrary(), input =>
        {
            var bytes = Encoding.Latin1.GetBytes(input.Text);
            var (whole, status) = Parse(bytes, null);
            var (cut, cutStatus) = Parse(bytes, new Random(input.Seed));
            Assert.Equal(status, cutStatus);
            Assert.Equal(whole, cut);
        }).Check(Config.QuickThrowOnFailure.WithReplay(20260102, 7).WithMaxTest(2_000));
    }

    /// <param name="random">Where the bytes are cut, in arriving and in memory; null: not at all.</param>
    private static (List<string[]> Commands, ParseStatus Status) Parse(byte[] bytes, Random? random)
    {
        var parser = new RespParser(new RespOptions());
        var commands = new List<string[]>();
        var (start, arrived) = (0, 0);
        while (true)
        {
            var status = ParseStatus.NeedMore;
            if (arrived > start)
            {
                var buffer = Cut(bytes.AsMemory(start, arrived - start), random);
                status = parser.Parse(buffer, authenticated: true);
                if (status == ParseStatus.Error)
                {
                    Assert.StartsWith("ERR Protocol error: ", parser.Error, StringComparison.Ordinal);
                    return (commands, status);
                }

                if (status == ParseStatus.Command)
                {
                    Assert.InRange(parser.Length, 1, buffer.Length);
                    var arguments = parser.Arguments(buffer);
                    if (arguments.Count > 0)
                    {
                        commands.Add(Texts(arguments));
                    }

                    start += parser.Length;
                    parser.Next();
                    continue;
                }
            }

            if (arrived == bytes.Length)
            {
                return (commands, status);
            }

            arrived = random is null ? bytes.Length : Math.Min(bytes.Length, arrived + random.Next(1, random.Next(2) == 0 ? 4 : 5000));
        }
    }

    private static string[] Texts(RespArguments arguments)
    {
        var texts = new string[arguments.Count];
        for (var i = 0; i < texts.Length; i++)
        {
            texts[i] = arguments.Text(i);
        }

        return texts;
    }

    /// <summary>The same bytes in several pieces of memory.</summary>
    private static ReadOnlySequence<byte> Cut(ReadOnlyMemory<byte> bytes, Random? random)
    {
        if (random is null || bytes.Length < 2)
        {
            return new ReadOnlySequence<byte>(bytes);
        }

        var at = random.Next(1, bytes.Length);
        var first = new Segment(bytes[..at], 0);
        var last = first.Append(bytes[at..]);
        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(ReadOnlyMemory<byte> memory, long index) => (Memory, RunningIndex) = (memory, index);

        public Segment Append(ReadOnlyMemory<byte> memory)
        {
            var next = new Segment(memory, RunningIndex + Memory.Length);
            Next = next;
            return next;
        }
    }
}
