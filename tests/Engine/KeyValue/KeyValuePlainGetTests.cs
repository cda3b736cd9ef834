using Cluster.Engine.KeyValue;
using Cluster.Shared.KeyValue;
using Cluster.Shared.Wire;
using Google.Protobuf;

namespace Cluster.Engine.Tests.KeyValue;

/// <summary>The short way of a get against the general one.</summary>
public class KeyValuePlainGetTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void What_it_takes_for_a_get_is_one(int seed)
    {
        var random = new Random(seed);
        var taken = 0;
        for (var i = 0; i < 100_000; i++)
        {
            var key = new byte[random.Next(random.Next(50) == 0 ? 20_000 : 40)];
            random.NextBytes(key);
            var bytes = (random.Next(2) == 0 ? KvCommands.Get(key) : KvCommands.GetMetadata(key)).ToByteArray();
            if (random.Next(2) == 0 && bytes.Length > 0)
            {
                bytes[random.Next(Math.Min(bytes.Length, 4))] = (byte)random.Next(256);
                bytes = bytes[..random.Next(bytes.Length + 1)];
            }

            if (!KeyValuePlainGet.TryRead(bytes, out var read, out var returnValue))
            {
                continue;
            }

            taken++;
            var expected = KvCommand.Parser.ParseFrom(bytes);
            Assert.Equal(expected, new KvCommand { Key = ByteString.CopyFrom(read), ReturnValue = returnValue });
        }

        Assert.InRange(taken, 45_000, 90_000);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(127)]
    [InlineData(128)]
    [InlineData(16_383)]
    public void Every_get_of_a_usual_key_goes_the_short_way(int length)
    {
        var key = new byte[length];
        var taken = KeyValuePlainGet.TryRead(KvCommands.Get(key).ToByteArray(), out var read, out var returnValue);
        // The empty key is not even written.
        Assert.Equal(length > 0, taken);
        Assert.True(!taken || (returnValue && read.SequenceEqual(key)));
    }

    [Theory]
    [InlineData(0, 1, 0)]
    [InlineData(5, 300, 0)]
    [InlineData(300, ulong.MaxValue, 1_700_000_000_000)]
    [InlineData(70_000, 7, -1)]
    public void Its_reply_is_what_protobuf_would_write(int length, ulong revision, long expires)
    {
        var record = new KvRecord([1], new byte[length], revision, expires);
        foreach (var returnValue in (bool[])[true, false])
        {
            var reply = new KvReply { Revision = revision, ExpiresAtMs = expires, Number = length, HasValue = returnValue };
            reply.Value = returnValue ? ByteString.CopyFrom(new byte[length]) : ByteString.Empty;
            Assert.Equal(reply.ToByteString(), KeyValuePlainGet.Reply(record, returnValue));
        }

        Assert.Equal(new KvReply { Status = KvStatus.NotFound }.ToByteString(), KeyValuePlainGet.Reply(null, true));
    }
}
