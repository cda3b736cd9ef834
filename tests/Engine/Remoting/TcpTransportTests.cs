using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Net;
using Cluster.Engine.Remoting;
using Cluster.Engine.Remoting.Tcp;
using Cluster.Shared.Ids;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Cluster.Engine.Tests.Remoting;

/// <summary>What only the transport on sockets has: threads, system resources, speed.</summary>
public sealed class TcpTransportTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Frames_of_each_of_many_senders_keep_their_order()
    {
        await using var world = new TcpWorld();
        var (one, two) = (await world.AddAsync("n1"), await world.AddAsync("n2"));
        const int Senders = 4;
        const int Each = 5_000;
        var threads = Enumerable.Range(0, Senders).Select(sender => new Thread(() =>
        {
            for (var i = 0; i < Each; i++)
            {
                one.SendTo(two, (sender * Each) + i);
            }
        })).ToArray();
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        await world.UntilAsync(() => two.Count == Senders * Each, "all have arrived");
        foreach (var sender in two.Numbers.GroupBy(number => number / Each))
        {
            Assert.Equal(sender.Order(), sender);
        }
    }

    [Fact]
    public async Task A_node_that_dials_itself_by_another_name_is_refused()
    {
        await using var world = new TcpWorld();
        var one = await world.AddAsync("n1");
        one.Transport.Connect(new NodeAddress("localhost", one.Address.Port));
        await world.UntilAsync(() => one.Events.OfType<HandshakeRefused>().Any(), "it is refused");
        Assert.Contains("this node itself", one.Events.OfType<HandshakeRefused>().First().Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_that_claims_another_address_than_the_dialled_one_is_refused()
    {
        await using var world = new TcpWorld();
        var one = await world.AddAsync("n1");
        var address = await world.DeadAddressAsync();
        await world.AddAsync(new TransportWorld.NodeSetup("n2") { At = address, Claims = new NodeAddress("10.9.8.7", 4053) });
        one.Transport.Connect(address);
        await world.UntilAsync(() => one.Events.OfType<HandshakeRefused>().Any(), "it is refused");
        Assert.Contains("calls itself 10.9.8.7:4053", one.Events.OfType<HandshakeRefused>().First().Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Frames_sent_before_a_graceful_close_arrive()
    {
        await using var world = new TcpWorld();
        var (one, two) = (await world.AddAsync("n1"), await world.AddAsync("n2"));
        await world.LinkAsync(one, two);
        for (var i = 0; i < 2_000; i++)
        {
            one.SendTo(two, i);
        }

        await world.KillAsync(one);
        await world.UntilAsync(() => two.Events.OfType<LinkDown>().Any(), "the peer sees the end");
        Assert.Equal(Enumerable.Range(0, 2_000), two.Numbers);
    }

    [Fact]
    public async Task Counters_are_metrics_tagged_with_the_peer()
    {
        await using var world = new TcpWorld();
        var (one, two) = (await world.AddAsync("m1"), await world.AddAsync("m2"));
        one.SendTo(two, 1);
        one.SendTo(two, 2);
        await world.UntilAsync(() => two.Count == 2, "both have arrived");
        var seen = new Dictionary<string, long>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Meter.Name == RemotingMetrics.MeterName)
                {
                    self.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            if (tags.Contains(new KeyValuePair<string, object?>("peer", "m2")))
            {
                seen[instrument.Name] = value;
            }
        });
        listener.Start();
        listener.RecordObservableInstruments();
        Assert.Equal(2, seen["cluster.remoting.frames_sent"]);
        Assert.True(seen["cluster.remoting.bytes_sent"] > 0);
        Assert.Equal(0, seen["cluster.remoting.reconnects"]);
    }

    [Fact]
    public async Task Time_of_a_round_trip_is_printed()
    {
        const int Trips = 3_000;
        await using var world = new TcpWorld();
        ITransport? echo = null;
        ITransport? asker = null;
        var home = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var trips = 0;
        var message = TestNode.Numbered(1, 32);
        var two = await world.AddAsync(new TransportWorld.NodeSetup("n2")
        {
            Deaf = [Channel.Shard],
            Wire = transport =>
            {
                echo = transport;
                transport.OnFrame(Channel.Shard, (from, _) => echo.Send(from.Address, Channel.Shard, message));
            },
        });
        var one = await world.AddAsync(new TransportWorld.NodeSetup("n1")
        {
            Deaf = [Channel.Shard],
            Wire = transport =>
            {
                asker = transport;
                transport.OnFrame(Channel.Shard, (from, _) =>
                {
                    if (++trips == Trips)
                    {
                        home.SetResult();
                    }
                    else
                    {
                        asker.Send(from.Address, Channel.Shard, message);
                    }
                });
            },
        });
        await world.LinkAsync(one, two);
        var started = Stopwatch.GetTimestamp();
        asker!.Send(two.Address, Channel.Shard, message);
        await home.Task;
        output.WriteLine($"{Stopwatch.GetElapsedTime(started).TotalMicroseconds / Trips:N0} microseconds for one round trip");
        await world.UntilAsync(() => one.LinkTo(two.Address).FramesSent == Trips, "every frame is counted, the last one perhaps after its answer");
    }

    [Fact]
    public async Task A_web_host_s_endpoint_serves_links_beside_its_other_endpoints()
    {
        await using var world = new TcpWorld();
        var address = await world.DeadAddressAsync();
        await using var transport = new TcpTransport(new TransportWorld.NodeSetup("n1").LocalNode(address), TransportWorld.Quick, TimeProvider.System, new Random(1), world.Log.For<TcpTransport>());
        var one = new TestNode { Transport = transport };
        one.Listen();
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton(transport);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
            kestrel.Listen(IPAddress.Loopback, address.Port, listen => listen.UseConnectionHandler<RemotingConnectionHandler>()));
        await using var host = builder.Build();
        await transport.StartAsync();
        await host.StartAsync();
        var two = await world.AddAsync("n2");
        two.SendTo(one, 1);
        await world.UntilAsync(() => one.Count == 1, "the frame has arrived");
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        await host.StopAsync(patience.Token);
        Assert.False(patience.IsCancellationRequested);
        await world.UntilAsync(() => two.Events.OfType<LinkDown>().Any(), "the link went down with its host");
    }

    [Fact]
    public async Task Speed_of_small_frames_one_way_is_printed()
    {
        const int Frames = 500_000;
        await using var world = new TcpWorld();
        var one = await world.AddAsync("n1");
        var two = await world.AddAsync(new TransportWorld.NodeSetup("n2") { Deaf = [Channel.Shard] });
        await world.LinkAsync(one, two);
        var transport = (TcpTransport)one.Transport;
        var message = TestNode.Numbered(1, 32);
        var started = Stopwatch.GetTimestamp();
        var refused = 0L;
        for (var sent = 0; sent < Frames;)
        {
            if (transport.Send(two.Address, Channel.Shard, message))
            {
                sent++;
            }
            else if (++refused % 64 == 0)
            {
                await Task.Yield();
            }
        }

        // Nobody handles the channel on the other side, so what is measured is sending, the wire and taking frames apart.
        await world.UntilAsync(() => two.LinkTo(one.Address).FramesReceived >= Frames, "all have arrived");
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        output.WriteLine($"{Frames / seconds:N0} frames/s of {message.CalculateSize()} bytes one way, {refused:N0} refused by back-pressure");
        Assert.Equal(Frames, two.LinkTo(one.Address).FramesReceived);
    }
}
