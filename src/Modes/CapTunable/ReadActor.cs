using Cluster.Engine.Port;
using Cluster.Modes.Hosting;
using Cluster.Modes.Storage;
using Cluster.Shared.Results;

namespace Cluster.Modes.CapTunable;

/// <summary>
/// One read at its level. What a replica nearby says is answered if the level allows it; else it is asked again, since it is catching up, and then the leader. What the level needs and nobody here can give is
/// refused with words: that is the choice between consistency and availability.
/// </summary>
internal sealed class ReadActor : Actor
{
    /// <summary>Between two questions to a replica that is behind: about as long as a write takes to reach it.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Questions to a replica that is behind, before the leader is asked: one that has not caught up by then is cut off, or slow.</summary>
    private const int MostAsked = 5;

    private readonly IModeNode node;
    private readonly IShardRegion partitions;
    private readonly string key;
    private readonly int partition;
    private readonly ReadLevel level;
    private readonly TimeSpan bound;
    private readonly SessionToken token;
    private readonly IActorRef client;
    private readonly bool ignoresBound;
    private readonly bool forgetsToken;
    private readonly long began;
    private KnownFresh? fresh;
    private TimeSpan freshAt;
    private bool asksLeader;
    private int asked;

    public ReadActor(IModeNode node, string key, ReadLevel level, TimeSpan bound, SessionToken token, IActorRef client)
    {
        (this.node, this.key, this.bound, this.token, this.client) = (node, key, bound, token, client);
        this.level = level == ReadLevel.Lease && node.HasFlaw(CapTunableMode.LeaseUnchecked) ? ReadLevel.Eventual : level;
        partitions = node.Sharding.Start(PartitionCore.Type);
        partition = PartitionCore.Of(key);
        ignoresBound = node.HasFlaw(CapTunableMode.BoundIgnored);
        forgetsToken = node.HasFlaw(CapTunableMode.SessionForgetsToken);
        began = node.System.Time.GetTimestamp();
    }

    private TimeSpan Elapsed => node.System.Time.GetElapsedTime(began);

    private string Id => PartitionCore.IdOf(partition);

    protected override void PreStart()
    {
        Timers.StartSingle(nameof(GiveUp), GiveUp.Instance, OpenRequests.Patience);
        switch (level)
        {
            case ReadLevel.Linearizable:
                AskLeader();
                break;
            case ReadLevel.Lease:
                partitions.Tell(new AskLeased(Id, new ReadKey(key)), Self);
                break;
            case ReadLevel.Bounded when !ignoresBound:
                Context.Parent.Tell(new WantFresh(partition, bound), Self);
                break;
            default:
                AskNearby();
                break;
        }
    }

    protected override void Receive(object message)
    {
        switch (message)
        {
            case KeyRead read when asksLeader || level is ReadLevel.Linearizable or ReadLevel.Lease:
                // Confirmed as the newest: a token that is ahead of it was never given.
                Answer(read, token.Cut(partition, read.Position), age: null);
                break;
            case KeyRead read:
                Nearby(read);
                break;
            case KnownFresh known:
                (fresh, freshAt) = (known, Elapsed - known.Age);
                AskNearby();
                break;
            case NothingFresh nothing:
                Refuse($"{node.Name} cannot tell how far behind its replica of {Id} is: {nothing.Why}");
                break;
            case AskAgain:
                AskNearby();
                break;
            case GiveUp:
                Refuse(level == ReadLevel.Session
                    ? $"no replica that {node.Name} reaches has what the client has seen of {Id}, up to {token[partition]}"
                    : $"{Id} has not answered {node.Name} within {OpenRequests.Patience.TotalSeconds:0.#} s");
                break;
            default:
                End(ModeAnswer.Of(message));
                break;
        }
    }

    private void Nearby(KeyRead read)
    {
        if (level == ReadLevel.Eventual || (level == ReadLevel.Bounded && ignoresBound) || (level == ReadLevel.Session && (forgetsToken || read.Position >= token[partition])))
        {
            Answer(read, token, age: null);
            return;
        }

        if (level == ReadLevel.Bounded && Elapsed - freshAt > bound)
        {
            Context.Parent.Tell(new WantFresh(partition, bound), Self); // It took too long: what was fresh is not any more.
        }
        else if (level == ReadLevel.Bounded && read.Position >= fresh!.Position)
        {
            Answer(read, token, Elapsed - freshAt);
        }
        else if (++asked < MostAsked)
        {
            Timers.StartSingle(nameof(AskAgain), AskAgain.Instance, Pause);
        }
        else
        {
            AskLeader();
        }
    }

    private void AskNearby() => partitions.Tell(new AskStale(Id, new ReadKey(key)), Self);

    private void AskLeader()
    {
        asksLeader = true;
        partitions.Tell(new ToEntity(Id, new ReadKey(key)), Self);
    }

    private void Answer(KeyRead read, SessionToken seen, TimeSpan? age)
    {
        // Who sees a value sees what its writer had seen: so writes follow reads, and one client's writes are seen in their order.
        var writers = SessionToken.TryParse(read.Seen, out var had) ? had : SessionToken.Nothing;
        End(ModeAnswer.Ok(
            new StoredValue(key, read.Value, KeyVersion.Of(partition, read.Written)) { AgeMs = age is { } old ? Math.Round(old.TotalMilliseconds, 1) : null, Token = seen.Join(writers).With(partition, read.Position).Text },
            StorageJson.Default.StoredValue));
    }

    private void Refuse(string why) => End(ModeAnswer.Failed(new ClusterError(ErrorCode.Unavailable, why)));

    private void End(ModeAnswer answer)
    {
        client.Tell(answer, Self);
        Context.Stop(Self);
    }

    private sealed record AskAgain
    {
        public static readonly AskAgain Instance = new();
    }

    private sealed record GiveUp
    {
        public static readonly GiveUp Instance = new();
    }
}
