using System.Globalization;
using Cluster.Engine.Simulation;
using Cluster.Shared.Http;
using Cluster.Shared.Ids;

namespace Cluster.Simulation.Tests.Clusters;

/// <summary>Breaks a cluster as its seed says, each fault with an end of its own, several at once; and heals all of it.</summary>
internal sealed class ChaosFaults(SimulatedCluster cluster)
{
    private readonly List<(TimeSpan Due, Action End)> ends = [];
    private readonly List<string> log = [];
    private readonly HashSet<SimulatedNode> stopping = [];
    private TimeSpan next;
    private bool partitioned;

    /// <summary>Which nodes take part: one that has left for good is not started again.</summary>
    public Func<SimulatedNode, bool> TakesPart { get; init; } = static _ => true;

    public string Log => string.Join('\n', log);

    private SimulatedNode[] Nodes => [.. cluster.Nodes.Where(TakesPart)];

    private TimeSpan Now => TimeSpan.FromTicks(cluster.Time.GetTimestamp());

    /// <summary>Ends what is due, and begins something now and then.</summary>
    public void Turn()
    {
        if (next == TimeSpan.Zero)
        {
            next = Now + Between(200, 600);
        }

        foreach (var (due, end) in ends.ToArray())
        {
            if (due <= Now)
            {
                ends.Remove((due, end));
                end();
            }
        }

        FinishStops();
        if (Now >= next)
        {
            next = Now + Between(150, 900);
            Begin(Nodes[cluster.Random.Next(Nodes.Length)]);
        }
    }

    public void HealAll()
    {
        Say("heal all");
        ends.Clear();
        cluster.Network.Heal();
        foreach (var node in Nodes)
        {
            Repair(node);
            if (stopping.Remove(node))
            {
                node.LosePower();
            }

            node.Resume();
            if (node.IsRunning)
            {
                node.Engine.Faults.Set([]);
                node.Engine.Faults.CutIncoming([]);
            }
            else
            {
                Start(node);
            }
        }
    }

    private void Begin(SimulatedNode node)
    {
        switch (cluster.Random.Next(13))
        {
            case 0:
                Stop(node, "kill", node.Kill);
                break;
            case 1 or 2:
                Stop(node, "power loss", node.LosePower);
                break;
            case 3:
                StopInAWrite(node);
                break;
            case 4 or 5:
                Pause(node);
                break;
            case 6 or 7:
                Partition(node);
                break;
            case 8 or 9:
                SpoilLinks(node);
                break;
            case 10:
                PowerLossEverywhere();
                break;
            case 11:
                FillDisk(node);
                break;
            default:
                SlowDisk(node);
                break;
        }
    }

    private void Stop(SimulatedNode node, string how, Action stop)
    {
        if (node.IsRunning && !stopping.Contains(node))
        {
            Say($"{how} {node.Name}");
            stop();
            After(Between(100, 2000), () => Start(node));
        }
    }

    private void PowerLossEverywhere()
    {
        foreach (var node in Nodes)
        {
            Stop(node, "power loss everywhere", node.LosePower);
        }
    }

    /// <summary>Power goes in the middle of whatever the disk does next, or does after that.</summary>
    private void StopInAWrite(SimulatedNode node)
    {
        if (!node.IsRunning || !stopping.Add(node))
        {
            return;
        }

        var operations = cluster.Random.Next(1, 30);
        Say($"power loss of {node.Name} within {operations} disk operations");
        node.Disk.Faults.StopAfterOperations = operations;
        if (cluster.Random.Next(4) == 0)
        {
            node.Disk.Faults.FailFlushes = true;
        }
    }

    private void FinishStops()
    {
        foreach (var node in Nodes)
        {
            if (!node.IsRunning && stopping.Remove(node))
            {
                Say($"{node.Name} is off");
                node.Disk.Faults.FailFlushes = false;
                node.LosePower();
                After(Between(100, 2000), () => Start(node));
            }
        }
    }

    private void Start(SimulatedNode node)
    {
        if (node.IsRunning || !TakesPart(node))
        {
            return;
        }

        Say($"start {node.Name}");
        cluster.Start(int.Parse(node.Name.ToString()[1..], CultureInfo.InvariantCulture));
        if (!node.IsRunning)
        {
            Say($"{node.Name} did not start: {node.Fatal}");
            After(Between(100, 500), () => Start(node));
        }
    }

    private void Pause(SimulatedNode node)
    {
        if (node.IsRunning && !node.IsPaused)
        {
            Say($"pause {node.Name}");
            node.Pause();
            After(Between(50, 2500), () =>
            {
                Say($"resume {node.Name}");
                node.Resume();
            });
        }
    }

    private void Partition(SimulatedNode node)
    {
        if (partitioned)
        {
            return;
        }

        partitioned = true;
        var one = AddressOf(node);
        var others = Nodes.Where(other => other != node).Select(AddressOf).ToArray();
        switch (cluster.Random.Next(5))
        {
            case 0:
                Say($"isolate {node.Name}");
                cluster.Network.Partition([one], others);
                break;
            case 1:
                Say($"{node.Name} hears nobody");
                foreach (var other in others)
                {
                    cluster.Network.Cut(other, one);
                }

                break;
            case 2:
                Say($"nobody hears {node.Name}");
                foreach (var other in others)
                {
                    cluster.Network.Cut(one, other);
                }

                break;
            case 3:
                Say($"bridge: only {node.Name} hears all others");
                cluster.Network.Partition(others[..(others.Length / 2)], others[(others.Length / 2)..]);
                break;
            default:
                Say("each hears the next one only");
                var ring = Nodes.Select(AddressOf).ToArray();
                for (var i = 0; i < ring.Length; i++)
                {
                    cluster.Network.Cut(ring[i], ring[(i + 1) % ring.Length]);
                }

                break;
        }

        After(Between(200, 3000), () =>
        {
            Say("network whole again");
            cluster.Network.Heal();
            partitioned = false;
        });
    }

    private void SpoilLinks(SimulatedNode node)
    {
        if (!node.IsRunning)
        {
            return;
        }

        var rules = Nodes.Where(other => other != node && cluster.Random.Next(3) > 0).Select(other => new LinkFaultView(
            other.Name.ToString(),
            DelayMs: cluster.Random.Next(3) == 0 ? cluster.Random.Next(200) : 0,
            JitterMs: cluster.Random.Next(50),
            LossPercent: cluster.Random.Next(3) == 0 ? cluster.Random.Next(60) : 0,
            DuplicatePercent: cluster.Random.Next(40),
            ReorderPercent: cluster.Random.Next(40))).ToArray();
        Say($"links of {node.Name}: {string.Join(", ", rules.Select(rule => $"to {rule.To} {rule.DelayMs}+{rule.JitterMs} ms, {rule.LossPercent}% lost, {rule.DuplicatePercent}% twice, {rule.ReorderPercent}% out of order"))}");
        var links = node.Engine.Faults;
        links.Set(rules);
        After(Between(200, 2500), () =>
        {
            if (node.IsRunning && node.Engine.Faults == links)
            {
                Say($"links of {node.Name} are well");
                links.Set([]);
            }
        });
    }

    private void FillDisk(SimulatedNode node)
    {
        var left = cluster.Random.Next(20_000);
        Say($"disk of {node.Name} is full after {left} bytes");
        node.Disk.Faults.FullAfterBytes = left;
        After(Between(500, 3000), () =>
        {
            Say($"disk of {node.Name} has room");
            node.Disk.Faults.FullAfterBytes = null;
        });
    }

    private void SlowDisk(SimulatedNode node)
    {
        var latency = Between(2, 60);
        Say($"disk of {node.Name} takes {latency.TotalMilliseconds} ms");
        var usual = node.DiskLatency;
        node.DiskLatency = latency;
        After(Between(500, 3000), () =>
        {
            Say($"disk of {node.Name} is fast again");
            node.DiskLatency = usual;
        });
    }

    private void Repair(SimulatedNode node)
    {
        node.Disk.Faults.FullAfterBytes = null;
        node.Disk.Faults.FailFlushes = false;
        node.DiskLatency = TimeSpan.FromMilliseconds(1);
    }

    private void After(TimeSpan wait, Action end) => ends.Add((Now + wait, end));

    private TimeSpan Between(int leastMs, int mostMs) => TimeSpan.FromMilliseconds(cluster.Random.Next(leastMs, mostMs + 1));

    private static NodeAddress AddressOf(SimulatedNode node) => node.Address;

    private void Say(string words) => log.Add(string.Create(CultureInfo.InvariantCulture, $"{Now.TotalSeconds:0.000} {words}"));
}
