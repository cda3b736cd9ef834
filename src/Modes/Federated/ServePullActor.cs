using Cluster.Engine.Port;

namespace Cluster.Modes.Federated;

/// <summary>Answers one question of a cluster that follows a group, and has the home note how far that cluster is.</summary>
/// <param name="notes">Whether that is news to the home.</param>
internal sealed class ServePullActor(FederatedNode node, Pull pull, string cluster, IActorRef asker, bool notes) : Actor
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

        if (notes)
        {
            Acknowledge(pull.Position, Context.Parent);
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
                if (skips && part.IsHome)
                {
                    Acknowledge(part.UpTo, Context.Parent);
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
