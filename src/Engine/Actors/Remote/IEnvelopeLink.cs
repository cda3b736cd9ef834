using Cluster.Engine.Port;
using Cluster.Shared.Wire;

namespace Cluster.Engine.Actors.Remote;

/// <summary>What carries envelopes to another node: remoting's side of <see cref="EnvelopeSink"/>. Returns at once.</summary>
public interface IEnvelopeLink
{
    /// <param name="refusal">Why the envelope was not taken: no connection, a full buffer.</param>
    bool TrySend(ActorAddress address, ActorEnvelope envelope, out string? refusal);
}
