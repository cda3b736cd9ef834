using Cluster.Shared.Scenarios;

namespace Cluster.Modes.Template;

/// <summary>Clients count while their nodes die, lose their links and lose messages; the answers must be those of a single counter.</summary>
public static class TemplateLab
{
    public static Scenario Scenario { get; } = new(
        TemplateMode.Slug,
        "The mode template: counting once",
        "Does every increment count once, though its client has to ask again because the answer was lost?")
    {
        Nodes = 3,
        Shards = 4,
        Workloads = [new("counter", Clients: 6) { ReadPercent = 20 }],
        Faults = new FaultMix(
        [
            new(FaultType.Kill, "one"),
            new(FaultType.Cut, "leader", Weight: 2),
            new(FaultType.Loss, "all", Weight: 2, Amount: "20%"),
        ]),
        Promised =
        [
            "reads and increments of a counter are linearizable, though requests are sent again",
        ],
        NotPromised =
        [
            "answers on the side of a partition that holds no majority: it refuses",
        ],
        Bugs =
        [
            new("forget-session", "A retried request is executed again: an increment counts twice.", ["forget-session"])
            {
                // More clients, so that more of them have a request under way when its leader goes.
                Workloads = [new("counter", Clients: 10) { ReadPercent = 20 }],
            },
        ],
    };
}
