using Cluster.Shared.Wire;

namespace Cluster.Engine.Logs;

/// <summary>What comes of one step on one partition: a change with a reply, a reply alone, or why not.</summary>
internal readonly record struct StepVerdict(LogStatus Status, string Detail, LogChange? Change, LogStepReply Reply)
{
    public static StepVerdict Changed(LogChange change, LogStepReply reply) => new(LogStatus.Ok, "", change, reply);

    public static StepVerdict Answer(LogStepReply reply) => new(LogStatus.Ok, "", null, reply);

    public static StepVerdict Refuse(LogStatus status, FormattableString why) => new(status, FormattableString.Invariant(why), null, new LogStepReply());
}
