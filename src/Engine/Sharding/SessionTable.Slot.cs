using Google.Protobuf;

namespace Cluster.Engine.Sharding;

internal sealed partial class SessionTable
{
    /// <summary>
    /// One session. A single reply stands in the slot itself, so that one-request sessions (idempotency keys) cost no object of their own; a list takes over
    /// with the second.
    /// </summary>
    internal struct Slot
    {
        public ulong Session;
        public ulong LastIndex;

        /// <summary>Smaller sequences are refused.</summary>
        public ulong Floor;

        /// <summary>Of the single reply; 0 for none.</summary>
        public ulong Sequence;

        /// <summary>The single reply; null where it was too long to be kept.</summary>
        public ByteString? Reply;
        public SessionReplies? More;
        public int Older;
        public int Newer;

        public readonly int ReplyCount => More?.Count ?? (Sequence == 0 ? 0 : 1);

        public readonly ulong SequenceAt(int i) => More?.SequenceAt(i) ?? Sequence;

        public readonly ByteString? ReplyAt(int i) => More is null ? Reply : More.ReplyAt(i);

        public readonly bool TryFind(ulong sequence, out ByteString? reply)
        {
            if (More is null)
            {
                reply = Reply;
                return Sequence == sequence;
            }

            var at = More.Find(sequence);
            reply = at >= 0 ? More.ReplyAt(at) : null;
            return at >= 0;
        }

        /// <summary>Of what the session is besides its replies.</summary>
        public readonly ulong Digest() => StateDigest.Join(StateDigest.Join(Session, LastIndex), Floor);

        public static ulong Digest(ulong session, ulong sequence, ByteString? reply) =>
            StateDigest.Join(StateDigest.Join(session, sequence), reply is null ? 1 : StateDigest.Of(reply.Span));
    }
}
