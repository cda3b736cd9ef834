using Cluster.Engine.Singleton;

namespace Cluster.Engine.Simulation.Safety;

/// <summary>Sees every life of every singleton on all nodes at once, as no node can, and checks that no two of one name may act at one time.</summary>
/// <param name="broken">Told who is involved, and what happened, in words.</param>
internal sealed class SingletonOracle(Action<string[], string> broken)
{
    private readonly List<Life> lives = [];

    /// <summary>Whether two of the lives have one name, which is rare and short.</summary>
    private bool contested;

    public void Begins(NodeWitness witness, SimulatedNode node, string name, ulong epoch, SingletonLease lease)
    {
        lives.RemoveAll(static life => life.IsOver);
        contested |= lives.Exists(life => life.Name == name);
        lives.Add(new Life(witness, witness.Life, node, name, epoch, lease));
    }

    public void Ends(NodeWitness witness, string name) => lives.RemoveAll(life => life.Witness == witness && life.Name == name);

    /// <summary>A lease ends by itself, and holds again when it is renewed: so as long as there are two lives of one name, each step is looked at.</summary>
    public void Judge()
    {
        if (!contested)
        {
            return;
        }

        contested = false;
        lives.RemoveAll(static life => life.IsOver);
        for (var one = 0; one < lives.Count; one++)
        {
            for (var other = one + 1; other < lives.Count; other++)
            {
                var (first, second) = (lives[one], lives[other]);
                if (first.Name != second.Name)
                {
                    continue;
                }

                contested = true;
                if (first.MayAct && second.MayAct)
                {
                    broken([second.Witness.Name, first.Witness.Name], $"singleton {first.Name} may act on {first.Witness.Name} (epoch {first.Epoch}) and on {second.Witness.Name} (epoch {second.Epoch}) at one time");
                }
            }
        }
    }

    /// <param name="NodeLife">Of the process that it lives in: it dies with it.</param>
    private readonly record struct Life(NodeWitness Witness, int NodeLife, SimulatedNode Node, string Name, ulong Epoch, SingletonLease Lease)
    {
        public bool IsOver => !Node.IsRunning || Witness.Life != NodeLife;

        public bool MayAct => Lease.Holds(Node.LocalNow);
    }
}
