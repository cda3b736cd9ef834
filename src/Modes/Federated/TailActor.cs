using System.Collections.Immutable;
using Cluster.Engine.Port;

namespace Cluster.Modes.Federated;

/// <summary>Reads what was written here alone, for its home: the oldest of it, and more with the next look, once the stream has said that these are settled.</summary>
internal sealed class TailActor(FederatedNode node, GroupStanding standing) : Actor
{
    /// <summary>Records in one message, of which fewer may fit: what an entry of the log takes at once.</summary>
    private const int Most = 200;

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

/// <summary>Writes of an earlier home that are in this cluster, and of which no later home has decided yet.</summary>
internal sealed record OwnTail(string Group, string Home, ImmutableArray<StoredRecord> Records);
