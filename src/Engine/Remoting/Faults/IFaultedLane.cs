using Cluster.Engine.Remoting.Recording;

namespace Cluster.Engine.Remoting.Faults;

/// <summary>Where a frame goes once the link faults let it through.</summary>
internal interface IFaultedLane
{
    /// <summary>Takes one encoded frame; false when it was dropped there.</summary>
    bool Deliver(Channel channel, ReadOnlySpan<byte> payload, FrameTrace? trace);

    /// <summary>Is told of a frame that is being recorded and that a fault lost.</summary>
    void Lose(FrameTrace trace, FaultKind why);
}
