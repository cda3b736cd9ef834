using Cluster.Shared.Http;
using Cluster.Shared.Wire;
using static Cluster.Engine.Remoting.Recording.WireFields;

namespace Cluster.Engine.Remoting.Recording;

/// <summary>Says what an envelope between actors carries, and from whom to whom.</summary>
internal static class ActorWords
{
    public static MessagePartView? Tell(ReadOnlySpan<byte> envelope, int bytes)
    {
        var (to, from, type) = (Name(envelope, ActorEnvelope.ToFieldNumber), Name(envelope, ActorEnvelope.FromFieldNumber), Name(envelope, ActorEnvelope.TypeFieldNumber));
        return to.Length == 0 ? null : new MessagePartView("Actor", $"{(type.Length == 0 ? "a message" : type)} to {to}{(from.Length == 0 ? "" : $" from {from}")}", bytes);
    }

    private static string Name(ReadOnlySpan<byte> envelope, int field) => KeyList.Text(BytesIn(envelope, field), PartLimits.MaxNameLength);
}
