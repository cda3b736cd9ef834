using Cluster.Engine.ControlPlane;

namespace Cluster.Engine.Singleton;

/// <summary>
/// One node's part in one singleton: whether to run it now. Pure: placements, leases and the time come in, one action at a time comes out. No two nodes' cores
/// run it at once: a core runs it only while a lease of its placement holds, and only once every earlier epoch's lease has ended.
/// </summary>
/// <remarks>
/// A lease is the answer to a linearizable read of the placement, counted from before the read was sent. So whatever was granted for an earlier epoch was asked
/// for before this placement was decided, and has ended <see cref="SingletonOptions.TakeoverWait"/> after this node saw the decision. It need not wait when the
/// node before it says that it has stopped, for good, and that it had not to fear anyone before itself: by induction then nobody acts.
/// </remarks>
internal sealed class SingletonCore(SingletonOptions options)
{
    private readonly TimeSpan askInterval = options.TickInterval * 2;
    private ControlSingleton? placement;
    private TimeSpan placedSince;
    private bool isHere;
    private (ulong Epoch, TimeSpan Until) granted;
    private SingletonLease lease = new();
    private ulong clearedEpoch;
    private ulong givenUpBelow;
    private TimeSpan nextAsk;

    /// <summary>The epoch that it runs under here; 0 when it does not run, and has stopped.</summary>
    public ulong Running { get; private set; }

    /// <summary>Whether it was told to stop and has not yet.</summary>
    public bool IsStopping { get; private set; }

    /// <summary>Whether it is placed here, so that a lease is worth asking for.</summary>
    public bool WantsLease => isHere && placement!.Epoch >= givenUpBelow;

    /// <summary>The node has seen where the singleton is placed.</summary>
    public void Placed(ControlSingleton? seen, bool here, TimeSpan now)
    {
        if (seen?.Epoch != placement?.Epoch)
        {
            (placement, placedSince) = (seen, now);
        }

        isHere = here && seen is not null;
    }

    /// <summary>The control plane's leader, confirmed by a majority, answered that the singleton is placed here under this epoch.</summary>
    /// <param name="asked">When the question was sent: what the lease counts from.</param>
    public void Granted(ulong epoch, TimeSpan asked)
    {
        if (epoch > granted.Epoch || (epoch == granted.Epoch && asked + options.Lease > granted.Until))
        {
            granted = (epoch, asked + options.Lease);
        }

        if (Running == granted.Epoch && !IsStopping)
        {
            lease.Until = granted.Until;
        }
    }

    /// <summary>The node that had it before has stopped it, and will not start it under an epoch below this one.</summary>
    /// <param name="clean">Whether that node had made sure that nobody acted before itself.</param>
    public void HandedOver(ulong epoch, bool clean)
    {
        if (clean && placement?.Epoch == epoch)
        {
            clearedEpoch = epoch;
        }
    }

    /// <summary>Another node has it under this epoch: give up whatever is below.</summary>
    public void GiveUp(ulong epoch) => givenUpBelow = Math.Max(givenUpBelow, epoch);

    /// <summary>Whether this node has made sure, under this epoch, that nobody acted before it.</summary>
    public bool WasCleared(ulong epoch) => clearedEpoch >= epoch;

    public void Stopped() => (Running, IsStopping) = (0, false);

    /// <summary>What is to be done now; null for nothing.</summary>
    public SingletonAction? Step(TimeSpan now)
    {
        if (Running != 0)
        {
            if (IsStopping || MayRun(Running, now))
            {
                return null;
            }

            IsStopping = true;
            lease.Until = TimeSpan.Zero;
            return StopSingleton.Instance;
        }

        if (placement is not { } placed || !MayRun(placed.Epoch, now))
        {
            return null;
        }

        if (IsCleared(placed, now))
        {
            clearedEpoch = Running = placed.Epoch;
            lease = new SingletonLease { Until = granted.Until };
            return new StartSingleton(placed.Epoch, lease);
        }

        if (now < nextAsk)
        {
            return null;
        }

        nextAsk = now + askInterval;
        return new AskHandOver(placed.Previous, placed.Epoch, placed.PreviousEpoch);
    }

    private bool MayRun(ulong epoch, TimeSpan now) =>
        isHere && placement!.Epoch == epoch && epoch >= givenUpBelow && granted.Epoch == epoch && now < granted.Until;

    private bool IsCleared(ControlSingleton placed, TimeSpan now) =>
        clearedEpoch == placed.Epoch || placed.Previous.IsNone || now - placedSince >= options.TakeoverWait;
}
