using Cluster.Engine.Actors.Dispatchers;
using Cluster.Engine.Simulation;
using Cluster.Shared.Ids;

namespace Cluster.Engine.Tests.Remoting;

/// <summary>One thread, one queue of actions, virtual time.</summary>
public sealed class LoopbackWorld : TransportWorld
{
    private readonly Queue<Action> actions = new();
    private int nextPort = 1;

    public LoopbackWorld() => Network = new LoopbackNetwork(Time, actions.Enqueue);

    public override TimeProvider Clock => Time;

    public VirtualTime Time { get; } = new();

    /// <summary>Runs the actors of a test that has some, whenever the network has nothing to do.</summary>
    public ManualDispatcher Dispatcher { get; } = new();

    public LoopbackNetwork Network { get; }

    public override async Task<TestNode> AddAsync(NodeSetup setup)
    {
        var address = setup.At ?? new NodeAddress("sim", nextPort++);
        var transport = Network.Add(setup.LocalNode(setup.Claims ?? address), setup.Options, new Random(7));
        var node = new TestNode { Transport = transport };
        node.Listen(setup.Deaf);
        if (setup.Policy is { } policy)
        {
            transport.UsePolicy(policy);
        }

        setup.Wire?.Invoke(transport);
        await transport.StartAsync();
        return node;
    }

    public override Task KillAsync(TestNode node)
    {
        Network.Crash(node.Address);
        return Task.CompletedTask;
    }

    public override Task<NodeAddress> DeadAddressAsync() => Task.FromResult(new NodeAddress("sim", 60_000));

    public override NodeAddress SilentAddress() => new("sim", 60_001);

    public override Task UntilAsync(Func<bool> condition, string what)
    {
        var until = Time.GetUtcNow() + TimeSpan.FromSeconds(10);
        while (!condition())
        {
            if (RunOne())
            {
                continue;
            }

            var next = Time.NextDue;
            Assert.True(next is { } due && Time.GetUtcNow() + due < until, $"not within 10 virtual seconds: {what}");
            Time.Advance(next!.Value);
        }

        return Task.CompletedTask;
    }

    public override Task PassAsync(TimeSpan time)
    {
        var until = Time.GetUtcNow() + time;
        while (true)
        {
            while (RunOne())
            {
                // Until nothing is left to do at this instant.
            }

            var left = until - Time.GetUtcNow();
            if (left <= TimeSpan.Zero)
            {
                return Task.CompletedTask;
            }

            Time.Advance(Time.NextDue is { } due && due < left ? due : left);
        }
    }

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private bool RunOne()
    {
        if (actions.TryDequeue(out var action))
        {
            action();
            return true;
        }

        return Dispatcher.RunOne();
    }
}
