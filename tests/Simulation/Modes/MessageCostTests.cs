using Cluster.Lab.Comparison;
using Cluster.Lab.Messages;
using Cluster.Modes;
using Cluster.Modes.Hosting;
using Cluster.Shared.Scenarios;

namespace Cluster.Simulation.Tests.Modes;

/// <summary>Every storage mode needs as many messages as its theory says, counted by what the nodes record, without faults.</summary>
public class MessageCostTests(ITestOutputHelper output)
{
    private const int Keys = 20;

    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(65);

    /// <summary>A mode begins with its first keys; then its nodes find each other, and a leader is chosen.</summary>
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(5);

    /// <summary>On as many nodes as there are copies of a key, and on more. <c>lab compare</c> alone counts a mode that is about several clusters or stands on a real database, and the sharded one, which balances itself by load while it is measured.</summary>
    public static TheoryData<string, int> Clusters => [.. ModeCatalog.All.Where(mode => mode.Storage is { Clusters: 1 } && mode.Slug != "sharded" && mode.Lab.Backends.Contains(ScenarioBackend.Sim)).SelectMany(mode => new[] { (mode.Slug, 3), (mode.Slug, 5) })];

    [Theory]
    [MemberData(nameof(Clusters))]
    public void An_operation_takes_the_messages_of_its_theory(string slug, int nodes)
    {
        var mode = ModeCatalog.Find(slug)!;
        var stage = new ModeStage(mode, seed: 11, nodes);
        for (var i = 0; i < Keys; i++)
        {
            stage.Ask((i % nodes) + 1, "put", ("key", $"k{i}"), ("value", "warm"));
            stage.Cluster.Run(Pace);
        }

        stage.Cluster.Run(Settled);
        var idle = Count(stage, _ => { });
        var gets = Count(stage, i => Play(stage, i, "get")); // Before the writes, which make replicas compare what they have.
        var puts = Count(stage, i => Play(stage, i, "put", ("value", $"v{i}")));

        var theory = mode.Storage!.Cost(nodes);
        var cost = new CostMeasure(nodes, Each(gets, idle, nodes), Each(puts, idle, nodes), theory.Get, theory.Put, 0, 0, theory.Why);
        output.WriteLine($"{slug} on {nodes}: get {cost.Get:0.00} ({cost.GetTheory:0.00}), put {cost.Put:0.00} ({cost.PutTheory:0.00}); idle {idle}");
        Assert.True(cost.AgreesWithTheory, $"{slug} on {nodes}: get {cost.Get:0.00}, by theory {cost.GetTheory:0.00}; put {cost.Put:0.00}, by theory {cost.PutTheory:0.00} ({theory.Why})\nidle: {idle}\ngets: {gets}\nputs: {puts}");
    }

    private static double Each(MessageTally counted, MessageTally idle, int nodes) => counted.Beyond(idle, ratio: 1).Messages / (Keys * nodes);

    private static void Play(ModeStage stage, int number, string operation, params (string, string)[] arguments)
    {
        var key = number % Keys;

        // Each key is asked at every node once: where it lies has no part in the count.
        var answer = stage.Cluster.Await(new ValueTask<ModeAnswer>(stage.AskAsync(((number + (number / Keys)) % stage.Cluster.Nodes.Count) + 1, operation, [("key", $"k{key}"), .. arguments])), Settled);
        Assert.Null(answer.Error);
    }

    /// <summary>The messages that may serve an operation, in a window of one length whatever happens in it.</summary>
    private static MessageTally Count(ModeStage stage, Action<int> operation)
    {
        foreach (var node in stage.Cluster.Nodes)
        {
            node.Recorder.Start();
        }

        var begin = stage.Cluster.Now;
        var operations = Keys * stage.Cluster.Nodes.Count;
        for (var i = 0; i < operations; i++)
        {
            operation(i);
            if (begin + (Pace * (i + 1)) - stage.Cluster.Now is { Ticks: > 0 } early)
            {
                stage.Cluster.Run(early);
            }
        }

        Assert.True(stage.Cluster.Now - begin < Pace * (operations + 1), "operations took longer than their pace: the windows are not of one length");
        var records = stage.Cluster.Nodes.SelectMany(node => node.Recorder.Read(0, int.MaxValue)).ToList();
        foreach (var node in stage.Cluster.Nodes)
        {
            node.Recorder.Stop();
        }

        return new MessageTally(OperationMessages.Of(MessageJoiner.Join(records, beginning: 0)));
    }
}
