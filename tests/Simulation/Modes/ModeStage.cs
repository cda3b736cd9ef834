using System.Text;
using System.Text.Json;
using Cluster.Engine.Hosting;
using Cluster.Engine.Port;
using Cluster.Engine.Simulation;
using Cluster.Modes;
using Cluster.Modes.Hosting;
using Cluster.Shared.Wire;
using Cluster.Simulation.Tests.Entities;

namespace Cluster.Simulation.Tests.Modes;

/// <summary>Simulated nodes that host one mode, each life of each node.</summary>
internal sealed class ModeStage
{
    private static readonly string[] Participants = ["stock", "payment", "shipping"];

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Dictionary<EmbeddedNode, ModeHost> hosts = [];
    private readonly Mode mode;

    public ModeStage(Mode mode, int seed, int nodes = 3)
    {
        this.mode = mode;
        Cluster = new SimulatedCluster(seed, nodes, options => ModeHost.Configure(options, [mode]))
        {
            Started = node =>
            {
                var host = new ModeHost(node.Engine, [mode]);
                host.Dispose(); // Its meters: nobody listens.
                hosts.Add(node.Engine, host);
            },
        };
        Cluster.StartAll();
        SimulatedClusters.AwaitReady(Cluster);
        Cluster.RunUntil(() => Cluster.Nodes.All(node => node.Engine.View.Describe().Shards[0].Voters.Count == nodes), Patience, () => $"{nodes} voters of the control plane");
    }

    public SimulatedCluster Cluster { get; }

    /// <summary>What the three participants of an order say, in the answer to <c>show</c>.</summary>
    public static IReadOnlyList<string?> States(JsonElement show) => [.. Participants.Select(participant => show.GetProperty("ledgers").GetProperty(participant).GetString())];

    /// <summary>Asks the mode on a node, numbered from 1.</summary>
    public Task<ModeAnswer> AskAsync(int node, string operation, params (string Name, string Value)[] arguments)
    {
        var asked = mode.FindOperation(operation)!;
        Assert.True(asked.TryRead(arguments.ToDictionary(argument => argument.Name, argument => argument.Value), out var request, out var wrong), wrong?.Message);
        return hosts[Cluster.Nodes[node - 1].Engine].AskAsync(mode.Slug, request, asked.IsRead, ModeHost.Patience, CancellationToken.None);
    }

    /// <summary>Asks the durable log past the mode's door.</summary>
    public LogReply AskLog(int node, LogCommand command)
    {
        var replies = new List<object>();
        var engine = Cluster.Nodes[node - 1].Engine;
        engine.Log.Tell(command, engine.System.ActorOf(Props.Create(() => new Listener(replies))));
        Cluster.RunUntil(() => replies.Count > 0, Patience, () => "an answer of the log");
        return (LogReply)replies[0];
    }

    /// <summary>Asks until there is an answer, and reads it.</summary>
    public JsonElement Ask(int node, string operation, params (string Name, string Value)[] arguments)
    {
        for (var end = Cluster.Now + Patience; ;)
        {
            var answer = Cluster.Await(new ValueTask<ModeAnswer>(AskAsync(node, operation, arguments)), Patience);
            if (answer.Json is { } json)
            {
                return JsonDocument.Parse(Encoding.UTF8.GetString(json)).RootElement;
            }

            Assert.True(Cluster.Now < end, $"{operation}: {answer.Error}");
            Cluster.Run(TimeSpan.FromMilliseconds(100));
        }
    }

    private sealed class Listener(List<object> heard) : Actor
    {
        protected override void Receive(object message) => heard.Add(message);
    }
}
