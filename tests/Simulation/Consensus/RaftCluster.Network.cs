using Cluster.Engine.Consensus;
using Cluster.Shared.Wire;

namespace Cluster.Simulation.Tests.Consensus;

/// <summary>The network between the replicas: delays, loss, duplicates, reordering, cut links; and the bulk way that snapshots take.</summary>
internal sealed partial class RaftCluster
{
    /// <summary>[from, to], each direction by itself.</summary>
    private readonly bool[,] cut;

    private void Send(IReadOnlyList<RaftMessage> messages)
    {
        foreach (var message in messages)
        {
            var copies = storming && Chance() < weather.Duplicates ? 2 : 1;
            for (var copy = 0; copy < copies; copy++)
            {
                if (!storming || Chance() >= weather.Loss)
                {
                    After(NetworkDelay(), () => Deliver(message));
                }
            }
        }
    }

    private void Deliver(RaftMessage message)
    {
        if (message.To == 0 || message.To > replicas.Length || cut[message.From - 1, message.To - 1])
        {
            return;
        }

        Digest = (Digest * 31) + ((ulong)now.Ticks ^ (message.Term << 40) ^ (message.From << 8) ^ message.To ^ ((ulong)message.BodyCase << 16));
        Turn(replicas[message.To - 1], (core, local) => core.Step(local, message));
    }

    private TimeSpan NetworkDelay() => storming && Chance() < weather.Delayed
        ? Upto(weather.LongDelay)
        : random.Between(TimeSpan.FromMilliseconds(0.1), TimeSpan.FromMilliseconds(2));

    private void StreamSnapshot(SimulatedReplica from, SnapshotRequest request)
    {
        if (from.SnapshotFile is not { } file || file.Meta.Index < request.AtLeast)
        {
            throw new InvalidOperationException($"{from.Node} is asked for a snapshot of at least {request.AtLeast}, it has none");
        }

        var to = replicas[request.To.Value - 1];
        var life = from.Life;
        var install = new RaftMessage
        {
            Group = 1,
            From = from.Node.Value,
            To = to.Node.Value,
            Term = from.Core.CurrentTerm.Value,
            Snapshot = new InstallSnapshot { LastIndex = file.Meta.Index.Value, LastTerm = file.Meta.Term.Value, Configuration = file.Meta.Configuration.ToWire() },
        };
        After(random.Between(TimeSpan.FromMilliseconds(5), TimeSpan.FromMilliseconds(200)), () =>
        {
            var delivered = to.Runs && !cut[from.Node.Value - 1, to.Node.Value - 1];
            if (delivered)
            {
                to.SnapshotFiles[file.Meta.Index.Value] = file;

                // A crash here leaves the file and the old log side by side.
                if (Chance() < 0.1 && storming)
                {
                    Crash(to);
                }

                Turn(to, (core, local) => core.Step(local, install));
            }

            if (from.Life == life)
            {
                Turn(from, (core, local) => core.SnapshotSent(local, to.Node, delivered));
            }
        });
    }
}
