using System.CommandLine;
using System.Globalization;
using Cluster.Lab.Faults;
using Cluster.Lab.Targets;
using Cluster.Shared.Http;

namespace Cluster.Client.Verbs;

/// <summary>Sets the clock of running nodes wrong: ahead or behind, fast or slow.</summary>
internal sealed class ClockVerb : NodeFaultVerb
{
    private readonly Option<long?> skew = VerbOptions.Parsed("--skew", "How far the wall clock is ahead: 500ms, 2s; behind: -500ms (at most an hour)", "TIME", Skew);
    private readonly Option<double?> rate = VerbOptions.Parsed("--rate", "How fast the clocks run: 1 is right, 1.05 five percent fast (0.5 to 2)", "RATE", Rate);

    public ClockVerb()
        : base("clock", "Set a node's clock wrong; without an option, show how wrong it is")
    {
        Add(skew);
        Add(rate);
    }

    public override IReadOnlyList<string> Examples => ["lab clock n1 --skew 500ms --rate 1.05", "lab clock n2 --skew=-2s", "lab clock n1 n2 n3"];

    protected override Task<IReadOnlyDictionary<string, string>>? Change(ParseResult parsed, ClusterTarget cluster, NodeFaultInjector injector, IReadOnlyList<string> names, CancellationToken cancellation)
    {
        var change = new ClockChange(parsed.GetValue(skew), parsed.GetValue(rate));
        return change.IsEmpty ? null : injector.ChangeClockAsync(names, change, cancellation);
    }

    protected override async Task<IReadOnlyDictionary<string, string>> ShowAsync(NodeFaultInjector injector, CancellationToken cancellation) =>
        (await injector.GetClocksAsync(cancellation).ConfigureAwait(false)).ToDictionary(node => node.Key, node => Describe(node.Value));

    private static string Describe(ClockFaultView clock) => Words(
        "its clock is right",
        (clock.SkewMs > 0, $"its clock is {clock.SkewMs} ms ahead"),
        (clock.SkewMs < 0, $"its clock is {-clock.SkewMs} ms behind"),
        (clock.Rate != 1, $"its clock runs at {clock.Rate} times the right rate"));

    private static long Skew(string text) => text.StartsWith('-') ? -Ahead(text[1..]) : Ahead(text);

    private static long Ahead(string text) => (long)Quantity.Time(text, TimeSpan.Zero, TimeSpan.FromHours(1)).TotalMilliseconds;

    private static double Rate(string text) => double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) && value is >= 0.5 and <= 2
        ? value
        : throw new FormatException($"'{text}' is not a rate: write a number from 0.5 to 2, for example 1.05");
}
