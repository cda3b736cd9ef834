using Cluster.Shared.Wire;
using Google.Protobuf;

namespace Cluster.Engine.Sharding;

/// <summary>A log entry (the wire message <see cref="ShardEntry"/>) read and written in place: the event stays a slice of the entry's bytes.</summary>
internal struct ShardEntryView
{
    private const byte MachineTag = (1 << 3) | 0;
    private const byte SessionTag = (2 << 3) | 1;
    private const byte SequenceTag = (3 << 3) | 0;
    private const byte AcknowledgedTag = (4 << 3) | 0;
    private const byte EventTag = (5 << 3) | 2;
    private const byte ReplyTag = (6 << 3) | 2;
    private const byte AtTag = (7 << 3) | 0;

    public uint Machine;
    public ulong Session;
    public ulong Sequence;
    public ulong AcknowledgedBelow;
    public ByteString Event;

    /// <summary>A copy: it outlives the entry by far, and is small beside it.</summary>
    public ByteString Reply;
    public long AtMs;

    /// <exception cref="InvalidDataException">The bytes are not an entry.</exception>
    public static ShardEntryView Read(ByteString entry)
    {
        var view = new ShardEntryView { Event = ByteString.Empty, Reply = ByteString.Empty };
        var reader = new WireReader(entry.Span);
        while (reader.Tag() is var tag and not 0)
        {
            switch (tag)
            {
                case MachineTag:
                    view.Machine = (uint)reader.Varint();
                    break;
                case SessionTag:
                    view.Session = reader.Fixed64();
                    break;
                case SequenceTag:
                    view.Sequence = reader.Varint();
                    break;
                case AcknowledgedTag:
                    view.AcknowledgedBelow = reader.Varint();
                    break;
                case EventTag:
                    var length = reader.Bytes().Length;
                    view.Event = UnsafeByteOperations.UnsafeWrap(entry.Memory.Slice(reader.Position - length, length));
                    break;
                case ReplyTag:
                    view.Reply = ByteString.CopyFrom(reader.Bytes());
                    break;
                case AtTag:
                    view.AtMs = reader.Signed();
                    break;
                default:
                    reader.Skip(tag);
                    break;
            }
        }

        return view;
    }

    public readonly ByteString ToBytes()
    {
        var at = WireWriter.ZigZag(AtMs);
        var size = WireWriter.SizeOfField(Machine) + (Session == 0 ? 0 : 1 + sizeof(ulong)) + WireWriter.SizeOfField(Sequence)
            + WireWriter.SizeOfField(AcknowledgedBelow) + WireWriter.SizeOfBytes(Event.Length) + WireWriter.SizeOfBytes(Reply.Length) + WireWriter.SizeOfField(at);
        var bytes = GC.AllocateUninitializedArray<byte>(size);
        var writer = new WireWriter(bytes);
        writer.Field(MachineTag, Machine);
        writer.Fixed64Field(SessionTag, Session);
        writer.Field(SequenceTag, Sequence);
        writer.Field(AcknowledgedTag, AcknowledgedBelow);
        writer.BytesField(EventTag, Event.Span);
        writer.BytesField(ReplyTag, Reply.Span);
        writer.Field(AtTag, at);
        return UnsafeByteOperations.UnsafeWrap(bytes);
    }
}
