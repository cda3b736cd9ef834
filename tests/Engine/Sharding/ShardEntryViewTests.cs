using Cluster.Engine.KeyValue;
using Cluster.Engine.Sharding;
using Cluster.Shared.Wire;
using Google.Protobuf;

namespace Cluster.Engine.Tests.Sharding;

/// <summary>The hand-written reading and writing of log entries against the classes that protobuf generated.</summary>
public class ShardEntryViewTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Entries_are_what_protobuf_writes_and_reads(int seed)
    {
        var random = new Random(seed);
        for (var i = 0; i < 2_000; i++)
        {
            var entry = RandomEntry(random);
            var view = ShardEntryView.Read(entry.ToByteString());
            Assert.Equal(
                (entry.Machine, entry.Session, entry.Sequence, entry.AcknowledgedBelow, entry.Event, entry.Reply, entry.AtMs),
                (view.Machine, view.Session, view.Sequence, view.AcknowledgedBelow, view.Event, view.Reply, view.AtMs));
            Assert.Equal(entry.ToByteString(), view.ToBytes());
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Events_are_what_protobuf_writes_and_reads(int seed)
    {
        var random = new Random(seed);
        for (var i = 0; i < 1_000; i++)
        {
            var draft = new KeyValueDraft((ulong)Number(random) & long.MaxValue, 5, 0);
            for (var events = random.Next(1, 4); events > 0; events--)
            {
                var old = new KvRecord(Bytes(random), Bytes(random), 1, 0);
                _ = random.Next(4) switch
                {
                    0 => draft.Put(null, Bytes(random), Bytes(random), Number(random)),
                    1 => draft.Append(old, Bytes(random)),
                    2 => draft.SetExpiry(old, Number(random)),
                    _ => null,
                };
                draft.Expire(old);
            }

            var written = draft.ToDecision(ByteString.Empty).Event;
            var parsed = KvEvents.Parser.ParseFrom(written);
            Assert.Equal(parsed.ToByteString(), written);
            var read = new KeyValueEvents(written.Span);
            Assert.Equal(parsed.FirstRevision, read.FirstRevision);
            foreach (var expected in parsed.Events)
            {
                Assert.True(read.MoveNext());
                Assert.Equal((expected.Kind, expected.ExpiresAtMs), (read.Kind, read.ExpiresAtMs));
                Assert.Equal(expected.Key.ToByteArray(), read.Key.ToArray());
                Assert.Equal(expected.Value.ToByteArray(), read.Value.ToArray());
            }

            Assert.False(read.MoveNext());
        }
    }

    [Fact]
    public void A_field_of_a_later_version_is_passed_over()
    {
        var entry = new ShardEntry { Machine = 3, Sequence = 4 };
        byte[] unknown = [0xF8, 0x01, 0x05, 0xF9, 0x01, 1, 2, 3, 4, 5, 6, 7, 8, 0xFA, 0x01, 2, 9, 9, 0xFD, 0x01, 1, 2, 3, 4];
        var view = ShardEntryView.Read(ByteString.CopyFrom([.. unknown, .. entry.ToByteArray(), .. unknown]));
        Assert.Equal((3u, 4ul), (view.Machine, view.Sequence));
    }

    [Fact]
    public void Broken_bytes_are_refused_and_nothing_else_happens()
    {
        var random = new Random(1);
        var refused = 0;
        for (var i = 0; i < 20_000; i++)
        {
            var bytes = RandomEntry(random).ToByteArray();
            bytes = bytes[..random.Next(bytes.Length + 1)];
            for (var flips = random.Next(4); flips > 0 && bytes.Length > 0; flips--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            try
            {
                ShardEntryView.Read(UnsafeByteOperations.UnsafeWrap(bytes));
            }
            catch (InvalidDataException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, 5_000, 20_000);
    }

    private static ShardEntry RandomEntry(Random random) => new()
    {
        Machine = (uint)Number(random),
        Session = (ulong)Number(random),
        Sequence = (ulong)Number(random),
        AcknowledgedBelow = (ulong)Number(random),
        Event = UnsafeByteOperations.UnsafeWrap(Bytes(random)),
        Reply = UnsafeByteOperations.UnsafeWrap(Bytes(random)),
        AtMs = Number(random),
    };

    private static long Number(Random random) => random.Next(4) == 0 ? 0 : random.NextInt64(long.MinValue, long.MaxValue) >> random.Next(64);

    private static byte[] Bytes(Random random)
    {
        var bytes = new byte[random.Next(300)];
        random.NextBytes(bytes);
        return bytes;
    }
}
