using System.Collections.Immutable;
using Cluster.Engine.Port;

namespace Cluster.Modes.Federated;

/// <summary>Reads what this cluster wrote alone, for its home: the oldest of it, and more with the next look, once the home's answer to these has come by the stream.</summary>
internal sealed class TailActor(FederatedNode node, GroupStanding standing) : Actor
{
    /// <summary>Records in one message: with values of the longest they stay under the bound of one.</summary>
    private const int Most = 8;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    protected override void PreStart()
    {
        Context.SetReceiveTimeout(Patience);
        node.Groups.Tell(new AskLeased(standing.Group, new ReadTail(Most) { Here = node.Map.Here }), Self);
    }

    protected override void Receive(object message)
    {
        if (message is TailRead { Records.IsEmpty: false } tail)
        {
            Context.Parent.Tell(new OwnTail(standing.Group, standing.Home.Home, tail.Records), Self);
        }

        Context.Stop(Self);
    }
}

/// <summary>Writes of this cluster that no later home has seen.</summary>
internal sealed record OwnTail(string Group, string Home, ImmutableArray<StoredRecord> Records);
