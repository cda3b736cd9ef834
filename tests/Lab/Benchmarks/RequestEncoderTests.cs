using System.Buffers;
using System.Text;
using Cluster.Lab.Benchmarks.Requests;
using Cluster.Lab.Resp;

namespace Cluster.Lab.Tests.Benchmarks;

public class RequestEncoderTests
{
    [Theory]
    [InlineData(BenchWorkload.Set, "SET", 3)]
    [InlineData(BenchWorkload.Get, "GET", 2)]
    [InlineData(BenchWorkload.Incr, "INCR", 2)]
    [InlineData(BenchWorkload.Mset, "MSET", 21)]
    [InlineData(BenchWorkload.Ping, "PING", 1)]
    public void A_request_is_a_whole_RESP_array(BenchWorkload workload, string command, int words)
    {
        var (encoder, random) = (new RequestEncoder(workload, 0, valueBytes: 128, seed: 1), new RandomNumbers(1));
        var buffer = new byte[encoder.MaxRequestBytes];

        var length = encoder.Encode(encoder.Choose(random), new UniformKeys(1000), random, buffer);

        var sequence = new ReadOnlySequence<byte>(buffer, 0, length);
        Assert.True(RespParser.TryParse(ref sequence, out var request));
        Assert.True(sequence.IsEmpty);
        Assert.Equal(words, request.Items!.Count);
        Assert.Equal(command, request.Items[0].Text);
        Assert.All(request.Items.Skip(1), (word, place) => Assert.Equal(place % 2 == 0 ? 16 : 128, word.Bytes.Length));
    }

    [Fact]
    public void A_mixed_workload_reads_as_often_as_asked()
    {
        var (encoder, random) = (new RequestEncoder(BenchWorkload.Mixed, 0.9, 128, 1), new RandomNumbers(1));

        var reads = Enumerable.Range(0, 10_000).Count(_ => encoder.Choose(random) == RequestKind.Get);

        Assert.InRange(reads, 8_800, 9_200);
    }

    [Fact]
    public void Encoding_allocates_nothing_and_the_same_seed_gives_the_same_bytes()
    {
        var buffer = new byte[1024];
        var encoder = new RequestEncoder(BenchWorkload.Mixed, 0.5, 64, 3);
        string First()
        {
            var random = new RandomNumbers(9);
            return Encoding.ASCII.GetString(buffer, 0, encoder.Encode(RequestKind.Set, new ZipfKeys(100), random, buffer));
        }

        Assert.Equal(First(), First());
        var (keys, again) = (new UniformKeys(100), new RandomNumbers(9));
        encoder.Encode(RequestKind.Set, keys, again, buffer);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            encoder.Encode(encoder.Choose(again), keys, again, buffer);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }
}
