using Cluster.Engine.Port;
using Cluster.Modes.Hosting;
using Cluster.Modes.Storage;
using Cluster.Shared.Results;

namespace Cluster.Modes.ClientServer;

/// <summary>
/// The door on each node, and a client of the server, wherever that is: numbers its calls, sends each again until it is answered, and tells whoever asked. Knows the server from an entity that names it
/// once and for good.
/// </summary>
internal sealed class ClientActor : Actor
{
    /// <summary>Between two sendings of a call, or two questions for the place of the server: a few times what an answer takes under load.</summary>
    private static readonly TimeSpan ResendInterval = TimeSpan.FromMilliseconds(400);

    private readonly IModeNode node;
    private readonly OpenRequests open;
    private readonly IShardRegion places;

    /// <summary>The calls of the open requests: the request's number is the call's.</summary>
    private readonly SortedDictionary<long, ServerCall> calls = [];

    /// <summary>One life of one node: its calls are numbered anew in the next.</summary>
    private readonly string session;

    private string? server;
    private bool asksForPlace;

    public ClientActor(IModeNode node)
    {
        this.node = node;
        open = new OpenRequests(node, Timers, () => Self);
        places = node.Sharding.Start(PlaceDecider.Type);
        session = $"{node.Name}-{Context.System.Random.NextInt64():x}";
        Context.ActorOf(
            Props.Create(() => new ServerActor(new ServerCore(!node.HasFlaw(ClientServerMode.NoSessions)), node.HasFlaw(ClientServerMode.AckBeforeDisk))).WithMailbox(ServerActor.MailboxCapacity, MailboxOverflow.DropNewest),
            ServerActor.ActorName);
    }

    protected override void Receive(object message)
    {
        switch (message)
        {
            case ModeRequest request:
                Take(request);
                break;
            case ServerAnswer answer:
                Answer(answer);
                break;
            case ServerRefused refused:
                Close(refused.Number, ModeAnswer.Failed(new ClusterError(ErrorCode.Overloaded, $"{server}: {refused.Why}")));
                break;
            case PlaceClaimed { Node: var name }:
                (server, asksForPlace) = (name, false);
                SendAll();
                break;
            case EntityUnavailable or EntityRefused:
                asksForPlace = false; // The next round asks again.
                break;
            case Resend:
                SendAll();
                break;
            case RequestExpired expired:
                Expire(expired);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void Take(ModeRequest request)
    {
        if (!open.TryOpen(Sender, request, out var id))
        {
            return;
        }

        var key = request.Text(StorageOperations.Key);
        if (request.Operation == StorageOperations.Where && server is not null)
        {
            Close(id, ModeAnswer.Ok(new KeyWhereabouts(key, server, [new ReplicaWhereabouts(server, null, "the only one")]), StorageJson.Default.KeyWhereabouts));
            return;
        }

        if (calls.Count == 0)
        {
            Timers.StartPeriodic(nameof(Resend), Resend.Instance, ResendInterval);
        }

        var operation = request.Operation switch
        {
            StorageOperations.Put => ServerOperation.Put,
            StorageOperations.Delete => ServerOperation.Delete,
            StorageOperations.CompareAndSet => ServerOperation.CompareAndSet,
            _ => ServerOperation.Get,
        };
        calls.Add(id, new ServerCall(session, id, calls.Count == 0 ? id : calls.Keys.First(), operation, key, request.Find(StorageOperations.Value), request.Find(StorageOperations.Expected)));
        Send(calls[id]);
    }

    private void SendAll()
    {
        foreach (var call in calls.Values.ToList())
        {
            Send(call);
        }
    }

    private void Send(ServerCall call)
    {
        if (server is null)
        {
            AskForPlace();
        }
        else if (server == node.Name.ToString())
        {
            Context.Children[0].Tell(call, Self);
        }
        else if (node.Members.Current.FirstOrDefault(member => member.Name.ToString() == server) is { } member)
        {
            Context.System.Resolve(Self.Path.Child(ServerActor.ActorName).WithAddress(new ActorAddress(member.Name, member.Address)).WithUid(0).ToString()).Tell(call, Self);
        }
    }

    /// <summary>Names the oldest member, if nobody has been named: the others came to it.</summary>
    private void AskForPlace()
    {
        if (!asksForPlace && node.Members.Current.Where(member => member.IsUp).MinBy(member => member.Age) is { } oldest)
        {
            asksForPlace = true;
            places.Tell(new ToEntity(PlaceDecider.PlaceId, new ClaimPlace(oldest.Name.ToString())), Self);
        }
    }

    private void Answer(ServerAnswer answer)
    {
        if (!calls.TryGetValue(answer.Number, out var call))
        {
            return;
        }

        Close(answer.Number, answer.IsConflict
            ? ModeAnswer.Conflict($"another value stands at {call.Key}, at version {answer.Version}")
            : call.Operation == ServerOperation.Get
                ? ModeAnswer.Ok(new StoredValue(call.Key, answer.Value, Words(answer.Version)) { From = server }, StorageJson.Default.StoredValue)
                : ModeAnswer.Ok(new StoredWrite(call.Key, Words(answer.Version)) { Copies = 1, Replaced = answer.Replaced }, StorageJson.Default.StoredWrite));
    }

    private static string? Words(long version) => version == 0 ? null : version.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private void Expire(RequestExpired expired)
    {
        var isRead = calls.GetValueOrDefault(expired.Id) is not { Operation: not ServerOperation.Get };
        Forget(expired.Id);
        open.Expire(expired, isRead || server is null, server is null ? $"{node.Name} has not learned which node is the server" : $"the server {server} has not answered {node.Name}");
    }

    private void Close(long id, ModeAnswer answer)
    {
        Forget(id);
        open.Close(id, answer);
    }

    private void Forget(long id)
    {
        if (calls.Remove(id) && calls.Count == 0)
        {
            Timers.Cancel(nameof(Resend));
        }
    }

    private sealed record Resend
    {
        public static readonly Resend Instance = new();
    }
}
