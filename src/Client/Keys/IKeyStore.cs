using System.Text.Json.Nodes;

namespace Cluster.Client.Keys;

/// <summary>Keys and values somewhere in a cluster: of a storage mode, or of the engine's own store. Answers have the storage contract's shapes, whoever gives them.</summary>
internal interface IKeyStore
{
    /// <param name="operation">get, put, delete, cas, scan or where.</param>
    /// <param name="arguments">By the contract's names; null: not given.</param>
    /// <exception cref="UsageException">This store has no such operation, or no such setting.</exception>
    /// <exception cref="Lab.LabException">Nobody answers.</exception>
    /// <exception cref="Lab.Http.NodeRefusedException">A node refused, and says why.</exception>
    Task<JsonNode> AskAsync(string operation, IReadOnlyList<(string Name, string? Value)> arguments, CancellationToken cancellation);
}
