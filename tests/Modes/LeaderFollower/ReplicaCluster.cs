using Cluster.Modes.LeaderFollower;

namespace Cluster.Modes.Tests.LeaderFollower;

/// <summary>Some replicas, the set that they agree on, the wire and the disks between, in one thread: what is sent arrives in order unless it is cut off, and a disk has what was flushed.</summary>
internal sealed class ReplicaCluster
{
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(50);

    private readonly Dictionary<string, Machine> machines = new(StringComparer.Ordinal);
    private readonly Queue<(string From, string To, object Message)> wire = new();
    private readonly HashSet<(string From, string To)> cuts = [];
    private readonly ReplicaSetDecider decider = new();
    private readonly Func<string, ReplicaCore> make;
    private long number;

    public ReplicaCluster(int nodes, Func<string, ReplicaCore>? make = null)
    {
        this.make = make ?? (static name => new ReplicaCore(name));
        Names = [.. Enumerable.Range(1, nodes).Select(node => $"n{node}")];
        foreach (var name in Names)
        {
            machines.Add(name, new Machine());
            Start(name);
        }

        Set = decider.Empty;
    }

    public IReadOnlyList<string> Names { get; }

    public TimeSpan Now { get; private set; }

    /// <summary>As the control plane has it.</summary>
    public ReplicaSet Set { get; private set; }

    /// <summary>What doors were told, in order.</summary>
    public List<object> Told { get; } = [];

    public List<ReplicaEffect.Note> Notes { get; } = [];

    /// <summary>Messages are lost at this rate, by this source; null: none is.</summary>
    public Random? Losing { get; set; }

    public ReplicaCore this[string name] => machines[name].Core!;

    public bool IsUp(string name) => machines[name].Core is not null;

    public CallAnswer? Answer(long call) => Told.OfType<CallAnswer>().FirstOrDefault(answer => answer.Number == call);

    public CopyRead Copy(string name, string key, TimeSpan? maxLag = null)
    {
        Do(name, new ReadCopy(name, ++number, key, maxLag));
        return Told.OfType<CopyRead>().Last();
    }

    /// <summary>A call at a replica, as a door sends it; sent again by <paramref name="again"/>.</summary>
    public long Call(string at, CallOperation operation, string key, string? value = null, AckMode ack = AckMode.Semi, string? expected = null, long? again = null)
    {
        var call = again ?? ++number;
        Do(at, new ReplicaCall(at, "door", call, 0, operation, key, value, expected, ack));
        return call;
    }

    public long Put(string at, string key, string value, AckMode ack = AckMode.Semi) => Call(at, CallOperation.Put, key, value, ack);

    public void Operate(string at, object message) => Do(at, message);

    public void Cut(string one, string other) => cuts.UnionWith([(one, other), (other, one)]);

    /// <summary>Cut off from all others, and from the control plane.</summary>
    public void Isolate(string name)
    {
        foreach (var other in Names.Where(other => other != name))
        {
            Cut(name, other);
        }
    }

    public void Heal() => cuts.Clear();

    /// <summary>Its process is gone, with what its disk had not flushed.</summary>
    public void Kill(string name) => (machines[name].Core, machines[name].Queue) = (null, new Queue<object>());

    public void Start(string name)
    {
        var core = make(name);
        foreach (var happened in machines[name].Disk)
        {
            if (happened is ReplicaSnapshot snapshot)
            {
                core.Restore(snapshot);
            }
            else
            {
                core.Recover(happened);
            }
        }

        core.Begin(Now);
        machines[name].Core = core;
    }

    /// <summary>The journal is cut down to a snapshot, and read again.</summary>
    public void RestartFromSnapshot(string name)
    {
        Flush(name);
        var (machine, snapshot) = (machines[name], this[name].Snapshot());
        machine.Disk.Clear();
        machine.Disk.Add(snapshot);
        Kill(name);
        Start(name);
    }

    public void Run(double seconds)
    {
        for (var end = Now + TimeSpan.FromSeconds(seconds); Now < end;)
        {
            Deliver();
            Now += Beat;
            foreach (var name in Names.Where(IsUp))
            {
                Do(name, ReplicaTick.Instance);
            }
        }

        Deliver();
    }

    /// <summary>Until a leader has what was asked of it done; fails after a minute of virtual time.</summary>
    public string RunUntilLed(Func<ReplicaCore, bool>? isFit = null)
    {
        for (var beat = 0; beat < 1200; beat++)
        {
            Run(Beat.TotalSeconds);
            if (Names.FirstOrDefault(name => IsUp(name) && this[name].IsLeading && this[name].Epoch == Set.Epoch && (isFit?.Invoke(this[name]) ?? true)) is { } leader)
            {
                return leader;
            }
        }

        throw new InvalidOperationException($"nobody leads at {Now}: the set is {Set}, in sync {string.Join(", ", Set.InSync)}");
    }

    private void Deliver()
    {
        do
        {
            while (wire.TryDequeue(out var next))
            {
                if (IsUp(next.To) && !cuts.Contains((next.From, next.To)) && Losing?.Next(10) != 0)
                {
                    Do(next.To, next.Message);
                }
            }

            foreach (var name in Names.Where(IsUp))
            {
                Flush(name);
            }
        }
        while (wire.Count > 0);
    }

    private void Do(string name, object input) => CarryOut(name, this[name].Step(input, Now, (long)Now.TotalMilliseconds, Names));

    private void CarryOut(string name, IReadOnlyList<ReplicaEffect> effects)
    {
        foreach (var effect in effects)
        {
            if (effect is ReplicaEffect.Persist or ReplicaEffect.AskSet or ReplicaEffect.ToReplica { AfterDisk: true })
            {
                machines[name].Queue.Enqueue(effect);
            }
            else if (effect is ReplicaEffect.ToReplica send)
            {
                wire.Enqueue((name, send.Node, send.Message));
            }
            else if (effect is ReplicaEffect.ToDoor { Message: var told })
            {
                Told.Add(told);
            }
            else if (effect is ReplicaEffect.Note note)
            {
                Notes.Add(note);
            }
        }
    }

    private void Flush(string name)
    {
        var machine = machines[name];
        while (machine.Queue.TryDequeue(out var next))
        {
            switch (next)
            {
                case ReplicaEffect.Persist { Event: var happened }:
                    machine.Disk.Add(happened);
                    CarryOut(name, machine.Core!.Persisted(happened, Now, Names));
                    break;
                case ReplicaEffect.ToReplica send:
                    wire.Enqueue((name, send.Node, send.Message));
                    break;
                case ReplicaEffect.AskSet { Command: var command } when Names.Count(other => other != name && cuts.Contains((name, other))) <= Names.Count / 2:
                    var decided = decider.Decide(Set, command, default);
                    Set = decided.Events.Aggregate(Set, decider.Apply);
                    CarryOut(name, machine.Core!.Step(decided.Reply!, Now, 0, Names));
                    break;
            }
        }
    }

    private sealed class Machine
    {
        public ReplicaCore? Core { get; set; }

        public Queue<object> Queue { get; set; } = new();

        public List<object> Disk { get; } = [];
    }
}
