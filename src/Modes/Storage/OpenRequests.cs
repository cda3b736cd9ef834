using Cluster.Engine.Port;
using Cluster.Modes.Hosting;
using Cluster.Shared.Results;

namespace Cluster.Modes.Storage;

/// <summary>
/// The clients' requests that a storage mode's door is at work on: each is answered once, by <see cref="Close"/> or, when its time is up, by what may be concluded from silence. Part of one actor.
/// </summary>
/// <param name="node">For its name in what clients are told.</param>
/// <param name="timers">The actor's; it is told <see cref="RequestExpired"/>, which it hands to <see cref="Expire"/>.</param>
internal sealed class OpenRequests(IModeNode node, ITimers timers, Func<IActorRef> self)
{
    /// <summary>Shorter than a client's patience, so that it is told what is known and not only that time is up.</summary>
    public static readonly TimeSpan Patience = ModeHost.Patience - TimeSpan.FromMilliseconds(500);

    /// <summary>More at once is overload: whoever waits behind so many has given up by its turn.</summary>
    public const int Most = 10_000;

    private readonly Dictionary<long, (IActorRef Client, ModeRequest Request)> open = [];
    private long last;

    public int Count => open.Count;

    /// <summary>Takes a request on. False: there are too many, and the client has been told.</summary>
    public bool TryOpen(IActorRef client, ModeRequest request, out long id)
    {
        id = 0;
        if (open.Count >= Most)
        {
            client.Tell(ModeAnswer.Failed(new ClusterError(ErrorCode.Overloaded, $"{node.Name} is at work on {Most} requests of this mode: send it again later")), self());
            return false;
        }

        id = ++last;
        open.Add(id, (client, request));
        timers.StartSingle(id, new RequestExpired(id), Patience);
        return true;
    }

    /// <summary>Those that are not answered.</summary>
    public IEnumerable<(long Id, ModeRequest Request)> All => open.Select(one => (one.Key, one.Value.Request));

    public bool IsOpen(long id) => open.ContainsKey(id);

    /// <summary>What was asked; null when it has been answered.</summary>
    public ModeRequest? Find(long id) => open.GetValueOrDefault(id).Request;

    /// <summary>Answers, unless that has happened.</summary>
    public void Close(long id, ModeAnswer answer)
    {
        if (open.Remove(id, out var asked))
        {
            timers.Cancel(id);
            asked.Client.Tell(answer, self());
        }
    }

    /// <summary>Time is up. What only asks has had no effect; anything else may have, unless it is known that it cannot.</summary>
    /// <param name="why">What has not answered, in words.</param>
    public void Expire(RequestExpired expired, bool isRead, string why) => Close(
        expired.Id,
        ModeAnswer.Failed(new ClusterError(isRead ? ErrorCode.Unavailable : ErrorCode.OutcomeUnknown, $"{why} within {Patience.TotalSeconds:0.#} s")));
}

/// <summary>To a door: that request's time is up.</summary>
internal sealed record RequestExpired(long Id);
