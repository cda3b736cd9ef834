using System.Globalization;
using Cluster.Lab.Histories;
using Cluster.Lab.Workloads.Recipes;
using Cluster.Lab.Workloads.Sessions;

namespace Cluster.Lab.Workloads.Generators;

/// <summary>
/// Clients that send records to a topic and, as members of one group, make each into one record of another topic. Now and then a member is busy with other things for longer than its
/// session, and goes on without having heard that its partitions have passed on: a zombie, which is what generations are for.
/// </summary>
/// <param name="pipelines">Groups, each with topics of its own; the clients are spread over them.</param>
internal sealed class PipelineGenerator(WorkloadOptions options, int client, int pipelines) : IGenerator
{
    /// <summary>Of steps, after how many a member is distracted.</summary>
    private const int DistractedPercent = 4;

    /// <summary>Operations that a distracted member does meanwhile: some session's time.</summary>
    private const int DistractedOperations = 60;

    private readonly Dice dice = new(options, client, LogTopic.Partitions);
    private readonly ProducerNumbers producer = new(FormattableString.Invariant($"p{options.FirstProcess + client}"));
    private readonly Dictionary<int, string> positions = [];
    private string? generation;
    private IReadOnlyList<int> share = [];
    private int distracted;
    private bool isBlind;

    public IEnumerable<string> Keys => Enumerable.Range(0, LogTopic.Partitions).SelectMany(number => new[] { Key("in", number), Key("out", number), Key("table", number) });

    /// <summary>What is to be read after the run.</summary>
    public static ClosingStep? Closing(string key) => PipelineRecipe.KindOf(key) == "table"
        ? new ClosingStep(new Request("table", key))
        : new ClosingStep(LogGenerator.Poll(key, 0), polled => LogGenerator.After(key, polled));

    public Request Next()
    {
        if (producer.Again is { } again)
        {
            return again;
        }

        var number = dice.NextKey();
        var kind = dice.NextPercent();
        if (kind < 30)
        {
            return producer.Next(Key("in", number));
        }

        if (kind < 40 || distracted > 0)
        {
            distracted = Math.Max(0, distracted - 1);
            return LogGenerator.Poll(Key(dice.Below(2) == 0 ? "in" : "out", number), 0);
        }

        if (kind < 45)
        {
            return new Request("table", Key("table", number));
        }

        if (generation is null || share.Count == 0)
        {
            return new Request("join", $"{Pipeline}group", Member);
        }

        number = share[dice.Below(share.Count)];
        return new Request("process", Key("out", number), Member, generation, positions.GetValueOrDefault(number), isBlind ? PipelineRecipe.Blind : null);
    }

    public void Saw(Request request, in StoreAnswer answer)
    {
        switch (request.Op)
        {
            case "send":
                producer.Saw(request, answer);
                break;
            case "join" when answer is { Outcome: Outcome.Ok, Output: { } output }:
                var words = output.Split(' ');
                generation = words[0];
                share = [.. words[1].Split(',', StringSplitOptions.RemoveEmptyEntries).Select(number => int.Parse(number, CultureInfo.InvariantCulture))];
                positions.Clear();
                isBlind = false;
                break;
            case "process":
                Processed(LogTopic.NumberOf(request.Key), answer);
                break;
        }
    }

    private void Processed(int number, in StoreAnswer answer)
    {
        if (answer is { Outcome: Outcome.Ok, Output: { } output })
        {
            positions[number] = PipelineRecipe.PositionAfter(output);
            if (dice.NextPercent() < DistractedPercent)
            {
                distracted = DistractedOperations + dice.Below(DistractedOperations);
                isBlind = true;
            }

            return;
        }

        // Where the group stands now is not known: it is claimed again. One that was refused joins again.
        positions.Remove(number);
        if (answer.IsConflict)
        {
            generation = null;
        }
    }

    private string Pipeline => FormattableString.Invariant($"{options.KeyPrefix}p{client % pipelines}:");

    private string Member => FormattableString.Invariant($"m{options.FirstProcess + client}");

    private string Key(string kind, int number) => FormattableString.Invariant($"{Pipeline}{kind}{number}");
}
