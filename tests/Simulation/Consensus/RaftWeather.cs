using Cluster.Engine.Consensus;
using Cluster.Engine.Simulation.Safety;

namespace Cluster.Simulation.Tests.Consensus;

/// <summary>What a run is up against. Rates are per message or per second of virtual time.</summary>
internal sealed record RaftWeather
{
    /// <summary>Few nodes, no operators, one entry an append: the logs differ in every way they can.</summary>
    public static readonly RaftWeather Fierce = new()
    {
        Nodes = 3,
        MemberChanges = 0,
        FaultEvery = TimeSpan.FromMilliseconds(300),
        Loss = 0.05,
        Delayed = 0.1,
        Options = RaftOptions.Default with { KeepEntries = 8, MaxAppendBytes = 1, MaxInflightAppends = 4, MaxCommittedBatch = 16 },
    };

    /// <summary>Two of three do not hear each other, and the one between them dies and is back at once: a lease that it must remember.</summary>
    public static readonly RaftWeather Bridged = Fierce with
    {
        FaultEvery = TimeSpan.FromMilliseconds(900),
        BridgeShare = 1,
        QuickRestarts = 1,
        Loss = 0.02,
        Reads = 0,
        Writes = 0.06,
        Options = Fierce.Options with
        {
            HeartbeatInterval = TimeSpan.FromMilliseconds(150),
            RetryBackoffMin = TimeSpan.FromMilliseconds(5),
            RetryBackoffMax = TimeSpan.FromMilliseconds(10),
        },
    };

    /// <summary>Members come, go and change their part all the time, and leaders hand over.</summary>
    public static readonly RaftWeather Reorganized = new() { MemberChanges = 0.15, Transfers = 0.03, FaultEvery = TimeSpan.FromMilliseconds(600) };

    public int Nodes { get; init; } = 5;

    public int FoundingVoters { get; init; } = 3;

    public TimeSpan Storm { get; init; } = TimeSpan.FromSeconds(12);

    public double Loss { get; init; } = 0.02;

    public double Duplicates { get; init; } = 0.02;

    /// <summary>How often a message takes up to <see cref="LongDelay"/>, and so overtakes or is overtaken.</summary>
    public double Delayed { get; init; } = 0.05;

    public TimeSpan LongDelay { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>How often a crashed process is back within milliseconds, before anybody noticed.</summary>
    public double QuickRestarts { get; init; } = 0.4;

    public TimeSpan LongestRestart { get; init; } = TimeSpan.FromMilliseconds(1500);

    public TimeSpan FaultEvery { get; init; } = TimeSpan.FromMilliseconds(250);

    public TimeSpan WorkEvery { get; init; } = TimeSpan.FromMilliseconds(12);

    /// <summary>How often a client that comes by asks for a confirmed read.</summary>
    public double Reads { get; init; } = 1;

    /// <summary>How often it writes.</summary>
    public double Writes { get; init; } = 0.7;

    public int CompactAfter { get; init; } = 40;

    /// <summary>How often an operator who comes by changes the members.</summary>
    public double MemberChanges { get; init; } = 0.02;

    /// <summary>How often an operator asks the leader to hand over.</summary>
    public double Transfers { get; init; } = 0.004;

    /// <summary>How often a fault is a cut between the leader and one follower, whatever else the storm holds.</summary>
    public double BridgeShare { get; init; }

    /// <summary>The others look away: for planted bugs, which often break several rules at once.</summary>
    public SafetyRule? JudgesOnly { get; init; }

    /// <summary>A broken core that notices it halts its replica, and the run goes on: for planted bugs, so that the rule itself is seen to fail.</summary>
    public bool HaltsOnInvariant { get; init; }

    public RaftOptions Options { get; init; } = RaftOptions.Default with { KeepEntries = 8, MaxAppendBytes = 1500, MaxInflightAppends = 6, MaxCommittedBatch = 16 };
}
