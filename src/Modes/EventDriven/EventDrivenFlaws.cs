using Cluster.Engine.Flaws;

namespace Cluster.Modes.EventDriven;

/// <summary>Ways to build a consumer wrong, each of which the lab must find.</summary>
internal static class EventDrivenFlaws
{
    public const string NotIdempotent = "not-idempotent";
    public const string AcknowledgeFirst = "acknowledge-first";
    public const string RetryOvertaken = "retry-overtaken";

    public static IReadOnlyList<PlantedFlaw> All { get; } =
    [
        new PlantedFlaw { Name = NotIdempotent, Breaks = "a consumer handles whatever is delivered: an event that comes again has its effect again" },
        new PlantedFlaw { Name = AcknowledgeFirst, Breaks = "a consumer acknowledges events when it has read them: those that it had in hand when it died are never handled" },
        new PlantedFlaw { Name = RetryOvertaken, Breaks = "while an event is tried again, later ones of its key go ahead: they have their effects in the wrong order, or it is taken for handled" },
    ];
}
