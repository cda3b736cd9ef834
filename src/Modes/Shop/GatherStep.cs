using Cluster.Modes.Hosting;

namespace Cluster.Modes.Shop;

/// <summary>What comes of the replies to some questions: an answer, or more questions.</summary>
public sealed record GatherStep
{
    private GatherStep()
    {
    }

    internal ModeAnswer? Answer { get; private init; }

    internal IReadOnlyList<Question> Questions { get; private init; } = [];

    internal Func<IReadOnlyList<object>, GatherStep>? Then { get; private init; }

    /// <summary>Time that passes before the questions are asked.</summary>
    internal TimeSpan After { get; private init; }

    public static GatherStep Done(ModeAnswer answer) => new() { Answer = answer };

    /// <param name="then">Called with the replies in the order of the questions, once all are there.</param>
    public static GatherStep Ask(IReadOnlyList<Question> questions, Func<IReadOnlyList<object>, GatherStep> then, TimeSpan after = default) => new() { Questions = questions, Then = then, After = after };
}
