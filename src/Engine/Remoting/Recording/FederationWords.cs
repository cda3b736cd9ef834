using Cluster.Shared.Http;
using Cluster.Shared.Wire;
using static Cluster.Engine.Remoting.Recording.WireFields;

namespace Cluster.Engine.Remoting.Recording;

/// <summary>Says what crosses from one cluster to another.</summary>
internal static class FederationWords
{
    public static MessagePartView? Tell(ReadOnlySpan<byte> frame, int bytes)
    {
        var (service, type) = (Name(frame, FederationFrame.ServiceFieldNumber), Name(frame, FederationFrame.TypeFieldNumber));
        return service.Length == 0 ? null : new MessagePartView("Federation", $"{(type.Length == 0 ? "a message" : type)} to {service} of the other cluster", bytes);
    }

    private static string Name(ReadOnlySpan<byte> frame, int field) => KeyList.Text(BytesIn(frame, field), PartLimits.MaxNameLength);
}
