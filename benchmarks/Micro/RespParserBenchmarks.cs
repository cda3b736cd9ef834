using System.Buffers;
using System.Text;
using BenchmarkDotNet.Attributes;
using Cluster.Node.Resp;
using Cluster.Node.Resp.Protocol;

namespace Cluster.Benchmarks.Micro;

/// <summary>The door's parser on a SET of a 128-byte value, alone and as one of sixteen in a buffer.</summary>
public class RespParserBenchmarks
{
    private const int Pipelined = 16;

    private readonly RespParser parser = new(new RespOptions());
    private readonly ReadOnlySequence<byte> one;
    private readonly ReadOnlySequence<byte> many;

    public RespParserBenchmarks()
    {
        var set = $"*3\r\n$3\r\nSET\r\n$16\r\nkey:000000000001\r\n$128\r\n{new string('x', 128)}\r\n";
        one = new ReadOnlySequence<byte>(Encoding.ASCII.GetBytes(set));
        many = new ReadOnlySequence<byte>(Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(set, Pipelined))));
    }

    [Benchmark]
    public int Set() => Parse(one);

    [Benchmark(OperationsPerInvoke = Pipelined)]
    public int SetOfSixteen() => Parse(many);

    private int Parse(ReadOnlySequence<byte> buffer)
    {
        var arguments = 0;
        while (parser.Parse(buffer, authenticated: true) == ParseStatus.Command)
        {
            arguments += parser.Arguments(buffer).Count;
            buffer = buffer.Slice(parser.Length);
            parser.Next();
        }

        return arguments;
    }
}
