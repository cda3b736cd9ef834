using Cluster.Engine.Port;

namespace Cluster.Modes.Federated;

/// <summary>Answers one question of a cluster that follows a group, and has the home note how far that cluster is, where that is news to it: questions come through any node, and an entry of the log is spent on each note.</summary>
internal sealed class ServePullActor(FederatedNode node, Pull pull, string cluster, IActorRef asker) : Actor
{
    /// <summary>Records in one answer, of which fewer may fit: what an entry of the log takes at once.</summary>
    private const int Most = 200;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly bool skips = node.Host.HasFlaw(FederatedMode.SkipOutbox);

    protected override void PreStart()
    {
        Context.SetReceiveTimeout(Patience);
        if (skips)
        {
            node.Groups.Tell(new AskLeased(pull.Group, new ReadStanding { Here = node.Map.Here }), Self);
            return;
        }

        Read(pull.After, pull.Digest, pull.Since);
    }

    protected override void Receive(object message)
    {
        switch (message)
        {
            case GroupStanding standing:
                // The broken variant: it takes what it has sent for what has arrived, so whatever a cut swallows is never sent again.
                var sent = standing.Acknowledged.GetValueOrDefault(cluster, WriteVersion.None);
                Read(sent > pull.After ? sent : pull.After, digest: false, since: null);
                return;
            case StreamRead part:
                var position = skips ? part.UpTo : pull.Position;
                if (part.IsHome && (part.MovesTo == cluster || part.Acknowledged.GetValueOrDefault(cluster, WriteVersion.None) != position))
                {
                    Acknowledge(position, Context.Parent);
                }

                asker.Tell(
                    new StreamPart(pull.Group, part.Epochs, part.IsHome, skips ? pull.After : part.After, part.Records, part.UpTo, part.Digest, part.Settled, part.IsPart, part.Since, pull.AskedAt),
                    Context.Parent);
                break;
            default:
                break; // It will ask again.
        }

        Context.Stop(Self);
    }

    private void Read(WriteVersion after, bool digest, WriteVersion? since) => node.Groups.Tell(new AskLeased(pull.Group, new ReadAfter(after, Most, digest, since) { Here = node.Map.Here }), Self);

    private void Acknowledge(WriteVersion position, IActorRef answerTo) => node.Groups.Tell(new ToEntity(pull.Group, new Acknowledge(cluster, position, pull.Tail, IsResync: pull.Since is not null) { Here = node.Map.Here }), answerTo);
}
