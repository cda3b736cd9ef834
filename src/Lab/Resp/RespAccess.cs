using Cluster.Lab.Certificates;

namespace Cluster.Lab.Resp;

/// <summary>What a client needs to be let in.</summary>
/// <param name="Trust">How the server is verified; null: plaintext.</param>
/// <param name="Password">Sent by AUTH first thing; null: none.</param>
public sealed record RespAccess(ClusterTrust? Trust = null, string? Password = null)
{
    /// <summary>Keeps the password out of logs.</summary>
    public override string ToString() => $"{(Trust is null ? "plaintext" : "TLS")}{(Password is null ? "" : ", with a password")}";
}
