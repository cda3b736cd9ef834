namespace Cluster.Modes.PeerToPeer;

/// <content>What a peer does by the clock: membership, republishing, fresh buckets.</content>
internal sealed partial class PeerActor
{
    /// <summary>A protocol period of SWIM.</summary>
    private static readonly TimeSpan SwimPeriod = TimeSpan.FromSeconds(1);

    /// <summary>Within the period, when others are asked to ping whoever has not answered.</summary>
    private static readonly TimeSpan SwimPatience = TimeSpan.FromMilliseconds(400);

    /// <summary>An hour in the paper, where peers stay for hours; a lab must see it.</summary>
    private static readonly TimeSpan RepublishInterval = TimeSpan.FromSeconds(5);

    /// <summary>After somebody has come or gone: several often come together.</summary>
    private static readonly TimeSpan UrgentPause = TimeSpan.FromMilliseconds(500);

    /// <summary>Buckets that nothing was looked for in are looked after so often: an hour in the paper.</summary>
    private static readonly TimeSpan RefreshInterval = TimeSpan.FromSeconds(30);

    /// <summary>Of tags in one offer, by their characters.</summary>
    private const int OfferCharsMax = 64 * 1024;

    /// <summary>When each key was last stored or offered here by somebody else, who thereby did this peer's work (section 2.5). Of kept keys only.</summary>
    private readonly Dictionary<string, TimeSpan> heardOf = new(StringComparer.Ordinal);

    /// <summary>Of keys that this peer is too far away from: which of the nearest have not yet said that they have it.</summary>
    private readonly Dictionary<(string Key, CopyTag Tag), HashSet<string>> toBeTaken = [];

    /// <summary>Peers that were told of this life of this one.</summary>
    private readonly HashSet<string> greeted = new(StringComparer.Ordinal);

    /// <summary>Somebody has come or gone since the last round: others are near now, who have nothing yet of what they should have.</summary>
    private bool isUrgent;

    /// <summary>Every so many periods a member of the cluster is pinged that this peer does not know, or holds for dead.</summary>
    private const int BootstrapTicks = 3;

    private long ticks;
    private bool isAwake;

    /// <returns>False: it is none of these.</returns>
    private bool Upkeep(object message)
    {
        switch (message)
        {
            case SwimPing ping when From() is { } from:
                Wake();
                Send(swim.Hear(from, ping, Now));
                break;
            case SwimAck ack when From() is { } from:
                Send(swim.Hear(from, ack, Now));
                break;
            case SwimPingRequest asked when From() is { } from:
                Wake();
                Send(swim.Hear(from, asked, Now));
                break;
            case SwimTick:
                Tick();
                break;
            case SwimLate:
                Send(swim.AskOthers());
                break;
            case RepublishNow:
                Republish();
                break;
            case RefreshNow:
                Refresh();
                break;
            case CallOver { Id: var id }:
                if (calls.TryGetValue(id, out var call))
                {
                    EndCall(id, call.Peer, null);
                }

                break;
            default:
                return false;
        }

        return true;
    }

    /// <summary>The first key, or the first word of another peer.</summary>
    private void Wake()
    {
        if (isAwake)
        {
            return;
        }

        isAwake = true;
        Timers.StartPeriodic(nameof(SwimTick), SwimTick.Instance, SwimPeriod);
        Timers.StartPeriodic(nameof(RefreshNow), RefreshNow.Instance, RefreshInterval);
        NextRepublish(RepublishInterval); // Before the first tick, which may want it sooner.
        Tick();
    }

    private void Tick()
    {
        Send(swim.Tick(Now, SwimPeriod));
        Timers.StartSingle(nameof(SwimLate), SwimLate.Instance, SwimPatience);
        if (swim.Alive == 0 || ++ticks % BootstrapTicks == 0)
        {
            Bootstrap();
        }
    }

    /// <summary>
    /// Peers find the first other one among the cluster's members (section 2.3 asks for one contact, and does not say from where). Not only then: peers that woke at one time may have found each other in two groups, each whole in its own eyes.
    /// </summary>
    private void Bootstrap()
    {
        var known = swim.Members.Where(member => member.State != PeerState.Dead).Select(member => member.Peer.Node).ToHashSet(StringComparer.Ordinal);
        var others = node.Members.Current.Where(member => member.Name != node.Name && !known.Contains(member.Name.ToString())).ToList();
        if (others.Count > 0)
        {
            var one = others[Context.System.Random.Next(others.Count)];
            Send([swim.Join(new Peer(one.Name.ToString(), one.Address.ToString()))]);
        }
    }

    private void Send(IReadOnlyList<SwimSend> sends)
    {
        foreach (var send in sends)
        {
            Tell(send.To, send.Message);
        }

        foreach (var change in swim.TakeChanges())
        {
            if (change.State == PeerState.Dead)
            {
                table.Remove(change.Peer.Id);
                SoonRepublish();
                node.Tell($"holds peer {change.Peer.Node} for dead");
            }
            else if (change.State == PeerState.Alive)
            {
                Meet(change.Peer);
                if (greeted.Add(change.Peer.Node))
                {
                    Tell(change.Peer, new PeerArrived());
                }

                StartLookup(self.Id, null, wantsValue: false, enough: 0, static _ => { }); // Who is near may have changed.
            }
        }
    }

    /// <summary>Looks for this peer's own place, and for one in a bucket of which nothing was looked for: whoever answers is in the table.</summary>
    private void Refresh()
    {
        StartLookup(self.Id, null, wantsValue: false, enough: 0, static _ => { });
        var prefixes = table.Prefixes.ToList();
        if (prefixes.Count > 0)
        {
            var prefix = prefixes[Context.System.Random.Next(prefixes.Count)];
            var rest = new KademliaId((ulong)Context.System.Random.NextInt64(), (ulong)Context.System.Random.NextInt64(), (uint)Context.System.Random.Next());
            StartLookup(self.Id.WithPrefix(prefix, rest), null, wantsValue: false, enough: 0, static _ => { });
        }
    }

    private void NextRepublish(TimeSpan after) => Timers.StartSingle(nameof(RepublishNow), RepublishNow.Instance, after * (0.8 + (0.4 * Context.System.Random.NextDouble())));

    private void SoonRepublish()
    {
        if (isAwake && !isUrgent)
        {
            isUrgent = true;
            NextRepublish(UrgentPause);
        }
    }

    private sealed record SwimTick
    {
        public static readonly SwimTick Instance = new();
    }

    private sealed record SwimLate
    {
        public static readonly SwimLate Instance = new();
    }

    private sealed record RepublishNow
    {
        public static readonly RepublishNow Instance = new();
    }

    private sealed record RefreshNow
    {
        public static readonly RefreshNow Instance = new();
    }
}
