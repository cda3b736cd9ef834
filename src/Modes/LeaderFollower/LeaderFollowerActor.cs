using Cluster.Engine.Port;
using Cluster.Modes.Hosting;
using Cluster.Modes.Storage;
using Cluster.Shared.Results;

namespace Cluster.Modes.LeaderFollower;

/// <summary>The door on each node, and a client of the replicas: sends writes and reads to the leader, again until they are answered, wherever it is by then; reads copies where the dial says so.</summary>
internal sealed class LeaderFollowerActor : Actor
{
    /// <summary>Between two sendings of a call: a few times what an answer takes under load.</summary>
    private static readonly TimeSpan ResendInterval = TimeSpan.FromMilliseconds(400);

    /// <summary>Replicas that have not told by then where a key is are not waited for.</summary>
    private static readonly TimeSpan LocatePatience = TimeSpan.FromSeconds(1);

    private readonly IModeNode node;
    private readonly OpenRequests open;
    private readonly ReplicaPeers peers;

    /// <summary>The calls to the leader, by the number of their request.</summary>
    private readonly SortedDictionary<long, SentCall> calls = [];

    /// <summary>The reads of copies, by the number of their request.</summary>
    private readonly Dictionary<long, SentRead> reads = [];

    private readonly Dictionary<long, KeySearch> searches = [];

    /// <summary>One life of one node: its calls are numbered anew in the next.</summary>
    private readonly string session;

    private long epoch;
    private string? leader;

    public LeaderFollowerActor(IModeNode node)
    {
        this.node = node;
        open = new OpenRequests(node, Timers, () => Self);
        peers = new ReplicaPeers(node, Self);
        session = $"{node.Name}-{Context.System.Random.NextInt64():x}";
        Context.ActorOf(Props.Create(() => new ReplicaActor(node)).WithMailbox(ReplicaActor.MailboxCapacity, MailboxOverflow.DropNewest), ReplicaActor.ActorName);
    }

    private string Name => node.Name.ToString();

    protected override void Receive(object message)
    {
        switch (message)
        {
            case ModeRequest request:
                Take(request);
                break;
            case CallAnswer answer:
                Answer(answer);
                break;
            case CallRefused refused when calls.TryGetValue(refused.Number, out var call) && refused.Of >= call.SentIn:
                Close(refused.Number, ModeAnswer.Unavailable(refused.Why));
                break;
            case NotLeading { Leader: not null } known when known.Epoch > epoch:
                Know(known.Epoch, known.Leader);
                break;
            case ReplicaEffect.LeaderIs known when known.Epoch >= epoch:
                Know(known.Epoch, known.Leader);
                break;
            case CopyRead read:
                Answer(read);
                break;
            case Resend:
                SendAll();
                break;
            case SearchEnds { Id: var id }:
                CloseSearch(id);
                break;
            case RequestExpired expired:
                Expire(expired);
                break;
            case CallRefused or NotLeading or ReplicaEffect.LeaderIs:
                break; // Late, or nothing new.
            default:
                Unhandled(message);
                break;
        }
    }

    private void Take(ModeRequest request)
    {
        if (request.Operation == LeaderFollowerOperations.Promote)
        {
            Promote(request.Text(LeaderFollowerOperations.Node));
            return;
        }

        var from = request.Find(LeaderFollowerOperations.From) switch
        {
            null or LeaderFollowerOperations.FromLeader => null,
            LeaderFollowerOperations.FromAny => Name,
            var named => named,
        };
        if (from is not null && !IsMember(from))
        {
            Sender.Tell(NoMember(LeaderFollowerOperations.From, from), Self);
            return;
        }

        if (!open.TryOpen(Sender, request, out var id))
        {
            return;
        }

        if (calls.Count + reads.Count == 0)
        {
            Timers.StartPeriodic(nameof(Resend), Resend.Instance, ResendInterval);
        }

        var key = request.Text(StorageOperations.Key);
        if (request.Operation == StorageOperations.Where)
        {
            Search(id, key);
        }
        else if (from is not null)
        {
            reads.Add(id, new SentRead(from, new ReadCopy(Name, id, key, request.Find(LeaderFollowerOperations.MaxLag) is null ? null : request.Duration(LeaderFollowerOperations.MaxLag))));
            peers.TellReplica(from, reads[id].Read, Self);
        }
        else
        {
            calls.Add(id, new SentCall(CallOf(request, id, key)));
            Send(calls[id]);
        }
    }

    private ReplicaCall CallOf(ModeRequest request, long id, string key)
    {
        var operation = request.Operation switch
        {
            StorageOperations.Put => CallOperation.Put,
            StorageOperations.Delete => CallOperation.Delete,
            StorageOperations.CompareAndSet => CallOperation.CompareAndSet,
            _ => CallOperation.Get,
        };
        return new ReplicaCall(
            Name, session, id, calls.Count == 0 ? id : calls.Keys.First(), operation, key, request.Find(StorageOperations.Value), request.Find(StorageOperations.Expected),
            operation == CallOperation.Get ? AckMode.Semi : LeaderFollowerOperations.Mode(request));
    }

    private bool IsMember(string name) => node.Members.Current.Any(member => member.IsUp && member.Name.ToString() == name);

    private ModeAnswer NoMember(string argument, string name) => ModeAnswer.Failed(new ClusterError(
        ErrorCode.BadRequest, $"{argument}={name} is no member that is up: {string.Join(", ", node.Members.Current.Where(member => member.IsUp).Select(member => member.Name))}"));

    private void Promote(string name)
    {
        if (!IsMember(name))
        {
            Sender.Tell(NoMember(LeaderFollowerOperations.Node, name), Self);
            return;
        }

        peers.TellReplica(name, new StandForLeader(Unclean: true), Self);
        Sender.Tell(ModeAnswer.Ok(new PromotionAsked(name), LeaderFollowerJson.Default.PromotionAsked), Self);
    }

    private void Know(long newer, string? who)
    {
        var isNew = who is not null && (newer, who) != (epoch, leader);
        (epoch, leader) = (newer, who);
        if (isNew)
        {
            foreach (var call in calls.Values.ToList())
            {
                Send(call);
            }
        }
    }

    private void SendAll()
    {
        foreach (var call in calls.Values.ToList())
        {
            Send(call);
        }

        if (calls.Count > 0)
        {
            peers.TellReplica(Name, calls.Values.First().Call, Self); // Somebody waits: it looks for a leader sooner.
        }

        foreach (var read in reads.Values)
        {
            peers.TellReplica(read.From, read.Read, Self);
        }
    }

    /// <summary>To the leader; where none is known, to this node's replica, which looks for it.</summary>
    private void Send(SentCall call)
    {
        call.SentIn = epoch;
        peers.TellReplica(leader is not null && IsMember(leader) ? leader : Name, call.Call, Self);
    }

    private void Answer(CallAnswer answer)
    {
        if (!calls.TryGetValue(answer.Number, out var sent) || (answer.IsConflict && answer.Of < sent.SentIn))
        {
            return; // A conflict with what an older leader had says nothing about a call that has gone to a newer one.
        }

        var call = sent.Call;
        Close(answer.Number, answer.IsConflict
            ? ModeAnswer.Conflict($"another value stands at {call.Key}, at version {Version(answer.Epoch, answer.Position) ?? "none"}")
            : call.Operation == CallOperation.Get
                ? ModeAnswer.Ok(new StoredValue(call.Key, answer.Value, Version(answer.Epoch, answer.Position)) { From = answer.Of == epoch ? leader : null, AgeMs = 0 }, StorageJson.Default.StoredValue)
                : ModeAnswer.Ok(new StoredWrite(call.Key, Version(answer.Epoch, answer.Position)) { Copies = answer.Copies, Replaced = answer.Replaced }, StorageJson.Default.StoredWrite));
    }

    private static string? Version(long epoch, long position) => position == 0 ? null : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{epoch}.{position}");

    private void Answer(CopyRead read)
    {
        if (searches.TryGetValue(read.Number, out var search))
        {
            search.Found[read.From] = read;
            if (search.Asked.All(search.Found.ContainsKey))
            {
                CloseSearch(read.Number);
            }
        }
        else if (reads.TryGetValue(read.Number, out var sent))
        {
            Close(read.Number, read.TooOld
                ? ModeAnswer.Unavailable($"the copy of {read.From} {(read.Age is { } age ? $"may be {age.TotalMilliseconds:0} ms behind" : "has heard no leader yet")}, more than max-lag allows: ask another node, or from=leader")
                : ModeAnswer.Ok(
                    new StoredValue(sent.Read.Key, read.Value, Version(read.Epoch, read.Position)) { From = read.From, AgeMs = read.Age?.TotalMilliseconds },
                    StorageJson.Default.StoredValue));
        }
    }

    private void Search(long id, string key)
    {
        var asked = node.Members.Current.Where(member => member.IsUp).OrderBy(member => member.Age).Select(member => member.Name.ToString()).ToList();
        searches.Add(id, new KeySearch(key, asked));
        Timers.StartSingle((nameof(SearchEnds), id), new SearchEnds(id), LocatePatience);
        foreach (var name in asked)
        {
            peers.TellReplica(name, new ReadCopy(Name, id, key, null), Self);
        }
    }

    private void CloseSearch(long id)
    {
        if (searches.Remove(id, out var search))
        {
            Timers.Cancel((nameof(SearchEnds), id));
            Close(id, ModeAnswer.Ok(search.Whereabouts(leader, epoch), StorageJson.Default.KeyWhereabouts));
        }
    }

    private void Expire(RequestExpired expired)
    {
        var isRead = calls.GetValueOrDefault(expired.Id) is not { Call.Operation: not CallOperation.Get };
        var why = reads.TryGetValue(expired.Id, out var read) ? $"the copy of {read.From} has not answered {node.Name}"
            : leader is null ? $"{node.Name} knows no leader, or none that could be asked, and has had no answer"
            : $"the leader {leader} of epoch {epoch} has not answered {node.Name}";
        Forget(expired.Id);
        open.Expire(expired, isRead, why);
    }

    private void Close(long id, ModeAnswer answer)
    {
        Forget(id);
        open.Close(id, answer);
    }

    private void Forget(long id)
    {
        if ((calls.Remove(id) || reads.Remove(id)) && calls.Count + reads.Count == 0)
        {
            Timers.Cancel(nameof(Resend));
        }
    }

    /// <param name="call">As it was sent first; it is sent again as it is.</param>
    private sealed class SentCall(ReplicaCall call)
    {
        public ReplicaCall Call { get; } = call;

        /// <summary>The newest epoch that was known when it was sent last.</summary>
        public long SentIn { get; set; }
    }

    private sealed record SentRead(string From, ReadCopy Read);

    private sealed record SearchEnds(long Id);

    private sealed record Resend
    {
        public static readonly Resend Instance = new();
    }
}
