using System.Buffers.Binary;
using System.Text.Json.Serialization;
using Cluster.Engine.Port;

namespace Cluster.Simulation.Tests.Persistence;

/// <summary>Adds numbers, and answers the sum once the number is durable. Told <c>"sum"</c>, it answers what is durable; <c>"fail"</c>: it fails.</summary>
internal sealed class Adder : PersistentActor
{
    private readonly int padding;
    private long sum;

    public Adder(int padding) => this.padding = padding;

    protected override string PersistenceId => "adder";

    protected override void ReceiveRecover(object message)
    {
        switch (message)
        {
            case SnapshotOffer offer:
                sum = BinaryPrimitives.ReadInt64LittleEndian(offer.Snapshot);
                break;
            case Added added:
                sum += added.Number;
                break;
        }
    }

    protected override void ReceiveCommand(object message)
    {
        var asker = Sender;
        switch (message)
        {
            case long number:
                PersistAsync(new Added(number, new string('x', padding)), added =>
                {
                    sum += added.Number;
                    asker.Tell(sum);
                });
                break;
            case "sum":
                DeferAsync(() => asker.Tell(sum));
                break;
            case "fail":
                throw new InvalidOperationException("told to");
        }
    }

    protected override byte[] TakeSnapshot()
    {
        var state = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(state, sum);
        return state;
    }
}

internal sealed record Added(long Number, string Padding);

[JsonSerializable(typeof(Added))]
internal sealed partial class AdderJson : JsonSerializerContext;
