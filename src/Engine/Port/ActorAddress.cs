using System.Diagnostics.CodeAnalysis;
using Cluster.Shared.Ids;

namespace Cluster.Engine.Port;

/// <summary>Which node's actor system a path belongs to. Written <c>n1@127.0.0.1:4053</c>.</summary>
public sealed record ActorAddress(NodeName Node, NodeAddress Endpoint)
{
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out ActorAddress? address)
    {
        address = null;
        var at = text?.IndexOf('@', StringComparison.Ordinal) ?? -1;
        if (at <= 0 || !NodeName.TryParse(text![..at], out var node) || !NodeAddress.TryParse(text[(at + 1)..], out var endpoint))
        {
            return false;
        }

        address = new ActorAddress(node, endpoint);
        return true;
    }

    public override string ToString() => $"{Node}@{Endpoint}";
}
