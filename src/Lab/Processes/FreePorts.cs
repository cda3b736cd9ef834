namespace Cluster.Lab.Processes;

/// <summary>Finds a port offset at which a whole cluster fits.</summary>
public static class FreePorts
{
    private const int Step = 100;

    /// <summary>Ports stay under 32,768, where the operating system takes its own for outgoing connections.</summary>
    private const int MaxOffset = 23_000;

    /// <summary>The first offset from <paramref name="first"/> on at which no port is in use. Another process may still be quicker.</summary>
    /// <exception cref="LabException">There is none.</exception>
    public static int FindOffset(int nodes, int first)
    {
        for (var tried = 0; tried < MaxOffset; tried += Step)
        {
            var plan = new LaunchPlan("free", nodes, (first + tried) % MaxOffset);
            if (Enumerable.Range(1, nodes).SelectMany(plan.PortsOf).Append(plan.PostgresPort).All(PortOwner.IsFree))
            {
                return plan.PortOffset;
            }
        }

        throw new LabException($"no port offset has ports for {nodes} nodes free");
    }
}
