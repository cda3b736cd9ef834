using System.Buffers;
using Cluster.Engine.Actors.Dispatchers;
using Cluster.Engine.Remoting;
using Cluster.Engine.Remoting.Framing;
using Cluster.Shared.Wire;

namespace Cluster.Engine.Tests.Remoting;

/// <summary>The pending frames of a link against a list, which is what they must equal.</summary>
public sealed class FrameQueueTests
{
    private readonly FrameQueue queue = new(1 << 20);
    private readonly WriterSignal writer = new(new AtOnce());

    [Fact]
    public void Small_and_large_frames_come_out_in_the_order_they_went_in()
    {
        queue.Attach(writer);
        var random = new Random(4);
        var expected = new List<int>();
        var actual = new List<int>();
        for (var i = 0; i < 2_000; i++)
        {
            if (random.Next(4) > 0)
            {
                var message = TestNode.Numbered(i, random.Next(5) == 0 ? random.Next(10_000, 100_000) : random.Next(200));
                if (random.Next(3) == 0
                    ? queue.TryAppend(Channel.Actor, Google.Protobuf.MessageExtensions.ToByteArray(message))
                    : queue.TryAppend(Channel.Actor, message, message.CalculateSize()))
                {
                    expected.Add(i);
                }
            }
            else
            {
                TakeInto(actual);
            }
        }

        for (var i = 0; i < 2_000 && queue.Bytes > 0; i++)
        {
            TakeInto(actual);
        }

        Assert.Equal(expected, actual);
        Assert.True(expected.Count > 1_000);
    }

    [Fact]
    public void What_the_writer_holds_counts_until_it_is_released()
    {
        queue.Attach(writer);
        Append(1);
        var bytes = queue.Bytes;
        Assert.Equal(FrameTake.Taken, queue.TryTake(writer, out var chunk));
        Assert.Equal(bytes, queue.Bytes);
        queue.Release(chunk!);
        Assert.Equal(0, queue.Bytes);
    }

    [Fact]
    public async Task A_waiting_writer_is_woken_by_a_frame_and_told_to_stop_by_its_successor()
    {
        queue.Attach(writer);
        Assert.Equal(FrameTake.Empty, queue.TryTake(writer, out _));
        var woken = writer.WaitAsync().AsTask();
        Assert.False(woken.IsCompleted);
        Append(1);
        await woken;
        Assert.Equal(FrameTake.Taken, queue.TryTake(writer, out var chunk));
        queue.Release(chunk!);
        Assert.Equal(FrameTake.Empty, queue.TryTake(writer, out _));
        woken = writer.WaitAsync().AsTask();
        var successor = new WriterSignal(new AtOnce());
        queue.Attach(successor);
        await woken;
        Append(2);
        Assert.Equal(FrameTake.Stopped, queue.TryTake(writer, out _));
        Assert.Equal(FrameTake.Taken, queue.TryTake(successor, out _));
    }

    [Fact]
    public void Finishing_lets_out_what_is_there_and_takes_no_more()
    {
        queue.Attach(writer);
        Append(1);
        queue.Finish();
        Assert.False(queue.TryAppend(Channel.Actor, new ActorEnvelope(), 0));
        Assert.Equal(FrameTake.Taken, queue.TryTake(writer, out _));
        Assert.Equal(FrameTake.Stopped, queue.TryTake(writer, out _));
    }

    [Fact]
    public void Dropping_counts_every_frame_and_frees_its_bytes()
    {
        for (var i = 0; i < 10; i++)
        {
            Append(i, 20_000);
        }

        Assert.Equal(10, queue.Drop());
        Assert.Equal(0, queue.Bytes);
    }

    [Theory]
    [InlineData(100)]
    [InlineData(20_000)]
    public void However_many_messages_flood_a_lane_there_is_room_for_a_snapshot(int bytes)
    {
        var lane = new FrameQueue(1 << 20, mostMessageBytes: 1 << 18);
        var message = TestNode.Numbered(1, bytes);
        var taken = 0;
        while (lane.TryAppend(Channel.PubSub, message, message.CalculateSize()))
        {
            Assert.True(++taken < 100_000, "it takes all");
        }

        Assert.True(taken > 0);
        Assert.InRange(lane.Bytes, (1 << 18) - bytes - 100, 1 << 18);
        Assert.False(lane.TryAppend(Channel.PubSub, new byte[bytes]));
        Assert.True(lane.TryAppend(Channel.SnapshotChunks, new byte[1 << 19]));
        Assert.True(lane.TryAppend(Channel.SnapshotChunks, message, message.CalculateSize()));
    }

    private void Append(int number, int payloadBytes = 0)
    {
        var message = TestNode.Numbered(number, payloadBytes);
        Assert.True(queue.TryAppend(Channel.Actor, message, message.CalculateSize()));
    }

    private void TakeInto(List<int> numbers)
    {
        if (queue.TryTake(writer, out var chunk) != FrameTake.Taken)
        {
            return;
        }

        var rest = new ReadOnlySequence<byte>(chunk!.Written.ToArray());
        var frames = 0;
        while (FrameFormat.TryRead(ref rest, 1 << 20, out _, out var payload) == FrameRead.Complete)
        {
            numbers.Add(int.Parse(ActorEnvelope.Parser.ParseFrom(payload).To, null));
            frames++;
        }

        Assert.True(rest.IsEmpty);
        Assert.Equal(frames, chunk.Frames);
        queue.Release(chunk);
    }

    /// <summary>These tests are the writer themselves, and look at the signal without always awaiting it.</summary>
    private sealed class AtOnce : IDispatcher
    {
        public void Schedule(IThreadPoolWorkItem item) => item.Execute();

        public Task ShutdownAsync() => Task.CompletedTask;
    }
}
