using Cluster.Lab.Histories;
using Cluster.Modes.Quorum;

namespace Cluster.Modes.Tests.Quorum;

/// <summary>
/// Replicas and coordinators without actors: messages wait in a bag, and a test chooses which arrives next, which is lost and which comes twice. A replica that loses its power forgets what was not on its disk; here
/// all is, so it forgets nothing.
/// </summary>
internal sealed partial class QuorumWorld
{
    private readonly Dictionary<long, (QuorumRequest Request, int Process, long Call)> open = [];
    private readonly List<Operation> operations = [];
    private long last;

    public QuorumWorld(int nodes)
    {
        Ring = new HashRing(Enumerable.Range(1, nodes).Select(number => $"n{number}"));
        Replicas = Ring.Members.ToDictionary(name => name, NewReplica);
    }

    public HashRing Ring { get; }

    public Dictionary<string, ReplicaCore> Replicas { get; }

    /// <summary>Under way: to a replica, or back to the coordinator of a request (an empty name).</summary>
    public List<(string To, object Message)> Wire { get; } = [];

    public HashSet<string> Away { get; } = [];

    /// <summary>Rises with each thing that happens.</summary>
    public long Now { get; private set; }

    public IReadOnlyList<long> Open => [.. open.Keys];

    public Dictionary<long, QuorumOutcome> Ended { get; } = [];

    public History History => new([.. operations], []);

    public long Begin(QuorumOperation operation, string key, QuorumDial dial, string? value = null, string coordinator = "n1", int process = 0, ClientContext? context = null, bool writesBack = true, long token = 0)
    {
        var id = ++last;
        var request = new QuorumRequest(new QuorumCall(id, operation, key, dial, id, value) { Context = context, WritesBack = writesBack, Token = token }, Ring, coordinator);
        open.Add(id, (request, process, ++Now));
        Advance(id, request.Begin(Away));
        return id;
    }

    /// <summary>A request that is open.</summary>
    public QuorumRequest Find(long id) => open[id].Request;

    /// <summary>Begins, and delivers everything that follows.</summary>
    public QuorumOutcome Do(QuorumOperation operation, string key, QuorumDial dial, string? value = null, string coordinator = "n1", ClientContext? context = null)
    {
        var id = Begin(operation, key, dial, value, coordinator, context: context);
        Settle();
        if (!Ended.ContainsKey(id))
        {
            Advance(id, open[id].Request.Tick(Away));
            Settle();
        }

        return Ended[id];
    }

    public void Settle()
    {
        while (Wire.Count > 0)
        {
            Deliver(0);
        }
    }

    public void Tick(long id) => Advance(id, open[id].Request.Tick(Away));

    /// <summary>The client gives up.</summary>
    public void GiveUp(long id)
    {
        var (request, process, call) = open[id];
        open.Remove(id);
        Record(request, process, call, request.HadNoEffect ? Outcome.Fail : Outcome.Info, null);
    }

    public void Deliver(int place)
    {
        var (to, message) = Wire[place];
        Wire.RemoveAt(place);
        Now++;
        if (to.Length == 0)
        {
            Back(message);
        }
        else if (!Away.Contains(to) && Answer(Replicas[to], message) is { } answer)
        {
            Wire.Add(("", answer));
        }
    }

    private object? Answer(ReplicaCore replica, object message)
    {
        switch (message)
        {
            case ReadKey asked:
                return replica.Read(asked);
            case StoreKey asked:
                Apply(replica, replica.Store(asked));
                return new KeyStored(asked.Id, Name(replica));
            case AddVersion asked:
                return Number(replica, asked);
            default:
                throw new InvalidOperationException($"{message}");
        }
    }

    private void Back(object message)
    {
        var id = message switch { KeyRead read => read.Id, KeyStored stored => stored.Id, VersionAdded added => added.Id, QuorumRefused refused => refused.Id, _ => 0 };
        if (open.TryGetValue(id, out var one))
        {
            Advance(id, message switch
            {
                KeyRead read => one.Request.On(read),
                KeyStored stored => one.Request.On(stored),
                QuorumRefused refused => one.Request.On(refused),
                _ => one.Request.On((VersionAdded)message),
            });
        }
    }

    private void Advance(long id, QuorumStep step)
    {
        Wire.AddRange(step.Sends);
        if (step.Outcome is { } outcome)
        {
            var (request, process, call) = open[id];
            open.Remove(id);
            Ended.Add(id, outcome);
            Record(request, process, call, outcome.Error is null ? Outcome.Ok : Outcome.Fail, outcome.State.Winner?.Value);
        }
    }

    private void Record(QuorumRequest request, int process, long call, Outcome outcome, string? read)
    {
        var isRead = request.Call.Operation == QuorumOperation.Get;
        operations.Add(new Operation(process, isRead ? "read" : "write", request.Call.Key, isRead ? [] : [request.Call.Value], call, ++Now, outcome, isRead ? read : null));
    }

    private string Name(ReplicaCore replica) => Replicas.First(known => known.Value == replica).Key;
}
