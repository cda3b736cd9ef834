using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Cluster.Engine.Port;
using Cluster.Modes.Shop;

namespace Cluster.Modes.Saga;

/// <summary>Who knows what comes next.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SagaStyle>))]
public enum SagaStyle
{
    /// <summary>One driver tells each participant what to do, and keeps in the log how far it is.</summary>
    [JsonStringEnumMemberName("orchestrated")]
    Orchestrated,

    /// <summary>Each participant reacts to what the one before has done; nobody knows the whole.</summary>
    [JsonStringEnumMemberName("choreographed")]
    Choreographed,
}

/// <summary>Where a saga is. The last two are its ends.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SagaPhase>))]
public enum SagaPhase
{
    [JsonStringEnumMemberName("forward")]
    Forward,

    [JsonStringEnumMemberName("backward")]
    Backward,

    [JsonStringEnumMemberName("completed")]
    Completed,

    [JsonStringEnumMemberName("compensated")]
    Compensated,
}

/// <summary>What a driver has found out.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SagaFinding>))]
public enum SagaFinding
{
    /// <summary>The step is done.</summary>
    Done,

    /// <summary>The participant has refused it: it will not happen.</summary>
    Refused,

    /// <summary>The deadline has passed while the step was under way: it may have happened.</summary>
    Expired,

    /// <summary>The step is compensated.</summary>
    Undone,

    /// <summary>The order is complete. Choreographed: the last participant has done its part. Orchestrated: stock knows it as sold, from a saga that its log has forgotten.</summary>
    AllDone,

    /// <summary>Choreographed: the first participant has undone its part.</summary>
    AllUndone,
}

/// <summary>What a saga's log is asked.</summary>
public abstract record SagaLogCommand;

/// <summary>Entries of any of the log's sagas, in one write: what comes while one is under way goes together. Answered by <see cref="SagasWritten"/>.</summary>
public sealed record WriteSagas(ImmutableArray<SagaEntry> Entries) : SagaLogCommand;

/// <summary>One saga of the log. Answered by <see cref="SagaFound"/>.</summary>
public sealed record ReadSaga(string Id) : SagaLogCommand, IEntityQuery;

/// <summary>Sagas that have not ended. Answered by <see cref="SagasOpen"/>.</summary>
/// <param name="StalledOnly">Only those that nobody has carried on for a while.</param>
public sealed record ReadOpenSagas(int Most, bool StalledOnly, string? After = null) : SagaLogCommand, IEntityQuery;

/// <summary>One of three.</summary>
public sealed record SagaEntry(SagaBegin? Begin = null, SagaReport? Report = null, SagaAdoption? Adoption = null);

/// <summary>A new saga; one that is there already with the same order is left as it is.</summary>
public sealed record SagaBegin(string Id, SagaStyle Style, Order Order, long TimeoutMs, long PaceMs, string Driver);

/// <summary>What the driver found at a step. One that the log is past already changes nothing; past the pivot a step that is done tells of those before it, too.</summary>
/// <param name="Content">The order's, so that it tells nothing of another one that has begun under the same id since; 0 from a node that does not say.</param>
/// <param name="IdIsAnothers">A ledger knows the id as another order's.</param>
public sealed record SagaReport(string Id, int Step, SagaFinding Finding, int Attempts, string? Why = null, long Content = 0, bool IdIsAnothers = false);

/// <summary>A node offers to carry on what its driver has left lying.</summary>
/// <param name="Content">As of <see cref="SagaReport"/>.</param>
public sealed record SagaAdoption(string Id, string Driver, long Content = 0);

/// <summary>For each entry, how its saga stands after it.</summary>
/// <param name="Log">Which one it is.</param>
public sealed record SagasWritten(string Log, ImmutableArray<SagaTurn> Turns);

/// <param name="Refused">Why the entry was not taken; null when it was, or when it was known already.</param>
public sealed record SagaTurn(string Id, SagaPhase Phase, int Step, string Driver, long DeadlineUnixMs, string? Why = null, string? Refused = null, bool IdIsAnothers = false);

public sealed record SagaFound(SagaRecord? Saga);

/// <param name="Log">Which one it is.</param>
public sealed record SagasOpen(string Log, ImmutableArray<SagaRecord> Sagas, int Open, long Completed, long Compensated);

/// <summary>What has happened to a saga: its journal.</summary>
public abstract record SagaEvent(string Id, long AtUnixMs);

public sealed record SagaStarted(SagaRecord Saga, long AtUnixMs) : SagaEvent(Saga.Id, AtUnixMs);

public sealed record StepCompleted(string Id, long AtUnixMs, int Step, int Attempts) : SagaEvent(Id, AtUnixMs);

/// <summary>It did not happen: the saga goes back from the step before it.</summary>
public sealed record StepFailed(string Id, long AtUnixMs, int Step, int Attempts, string Why, bool IdIsAnothers = false) : SagaEvent(Id, AtUnixMs);

/// <summary>It may have happened: the saga goes back from this step on.</summary>
public sealed record StepExpired(string Id, long AtUnixMs, int Step, int Attempts, string Why) : SagaEvent(Id, AtUnixMs);

public sealed record StepCompensated(string Id, long AtUnixMs, int Step, int Attempts, bool IdIsAnothers = false) : SagaEvent(Id, AtUnixMs);

public sealed record SagaAdopted(string Id, long AtUnixMs, string Driver) : SagaEvent(Id, AtUnixMs);

public sealed record SagaEnded(string Id, long AtUnixMs, SagaPhase Phase, string? Why, bool IdIsAnothers = false) : SagaEvent(Id, AtUnixMs);

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(WriteSagas))]
[JsonSerializable(typeof(ReadSaga))]
[JsonSerializable(typeof(ReadOpenSagas))]
[JsonSerializable(typeof(SagasWritten))]
[JsonSerializable(typeof(SagaFound))]
[JsonSerializable(typeof(SagasOpen))]
[JsonSerializable(typeof(SagaStarted))]
[JsonSerializable(typeof(StepCompleted))]
[JsonSerializable(typeof(StepFailed))]
[JsonSerializable(typeof(StepExpired))]
[JsonSerializable(typeof(StepCompensated))]
[JsonSerializable(typeof(SagaAdopted))]
[JsonSerializable(typeof(SagaEnded))]
[JsonSerializable(typeof(SagaLogState))]
internal sealed partial class SagaLogJson : JsonSerializerContext;
