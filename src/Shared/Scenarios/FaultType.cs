using System.Text.Json.Serialization;

namespace Cluster.Shared.Scenarios;

/// <summary>What a schedule can do to a cluster. The names in <c>faults.json</c> are these, in lower case with hyphens: <c>power-loss</c>.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<FaultType>))]
public enum FaultType
{
    /// <summary>SIGKILL; started again on its data at the end.</summary>
    [JsonStringEnumMemberName("kill")]
    Kill,

    /// <summary>As a kill, and what was written but not flushed is gone.</summary>
    [JsonStringEnumMemberName("power-loss")]
    PowerLoss,

    /// <summary>Killed, and a bit of what its log keeps flips: it must refuse to start. At the end it is started and refuses, is declared down, its disk is emptied, and it joins as a new member.</summary>
    [JsonStringEnumMemberName("bit-flip")]
    BitFlip,

    /// <summary>Killed and started again at once: it is back before anybody misses it.</summary>
    [JsonStringEnumMemberName("restart")]
    Restart,

    /// <summary>SIGSTOP: it holds its connections and answers nothing; SIGCONT at the end.</summary>
    [JsonStringEnumMemberName("pause")]
    Pause,

    /// <summary>Leaves in good order; joins again as a new member at the end.</summary>
    [JsonStringEnumMemberName("leave")]
    Leave,

    /// <summary>Off the network, for peers and clients alike. Only where nodes have a network of their own.</summary>
    [JsonStringEnumMemberName("disconnect")]
    Disconnect,

    /// <summary>Both ways between the target and all others.</summary>
    [JsonStringEnumMemberName("cut")]
    Cut,

    /// <summary>The target hears nobody, and is heard.</summary>
    [JsonStringEnumMemberName("cut-in")]
    CutIn,

    /// <summary>Nobody hears the target, and it hears all.</summary>
    [JsonStringEnumMemberName("cut-out")]
    CutOut,

    /// <summary>Two random halves that do not hear each other.</summary>
    [JsonStringEnumMemberName("halves")]
    Halves,

    /// <summary>Two halves that hear each other only by the target, which hears both.</summary>
    [JsonStringEnumMemberName("bridge")]
    Bridge,

    /// <summary>Each node hears only its two neighbours in a circle.</summary>
    [JsonStringEnumMemberName("ring")]
    Ring,

    /// <summary>What the target sends arrives later; the amount is the delay, and as much again is jitter.</summary>
    [JsonStringEnumMemberName("delay")]
    Delay,

    /// <summary>A share of what the target sends is lost; the amount is the share.</summary>
    [JsonStringEnumMemberName("loss")]
    Loss,

    /// <summary>A share of what the target sends arrives twice.</summary>
    [JsonStringEnumMemberName("duplicate")]
    Duplicate,

    /// <summary>A share of what the target sends is overtaken by what it sends later.</summary>
    [JsonStringEnumMemberName("reorder")]
    Reorder,

    /// <summary>The target's links carry no more than the amount each.</summary>
    [JsonStringEnumMemberName("throttle")]
    Throttle,

    /// <summary>Each flush of the target's disk takes longer by the amount.</summary>
    [JsonStringEnumMemberName("slow-disk")]
    SlowDisk,

    /// <summary>The target's disk takes no more bytes.</summary>
    [JsonStringEnumMemberName("full-disk")]
    FullDisk,

    /// <summary>Each flush of the target's disk fails: the node must end itself. Started again at the end.</summary>
    [JsonStringEnumMemberName("fail-fsync")]
    FailFsync,

    /// <summary>The target's wall clock is off by the amount.</summary>
    [JsonStringEnumMemberName("clock-skew")]
    ClockSkew,

    /// <summary>The target's clocks run at the amount times their rate.</summary>
    [JsonStringEnumMemberName("clock-drift")]
    ClockDrift,
}
