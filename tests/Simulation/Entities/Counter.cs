using System.Text.Json.Serialization;
using Cluster.Engine.Port;

namespace Cluster.Simulation.Tests.Entities;

internal abstract record CounterCommand;

internal sealed record Add(int Amount) : CounterCommand;

internal sealed record Read : CounterCommand, IEntityQuery;

internal sealed record Added(int Amount);

internal sealed record Total(long Value);

[JsonSerializable(typeof(Add))]
[JsonSerializable(typeof(Read))]
[JsonSerializable(typeof(Added))]
[JsonSerializable(typeof(Total))]
internal sealed partial class CounterJson : JsonSerializerContext;

/// <summary>A number that only grows; it refuses what is negative.</summary>
internal sealed class Counter : IDecider<Total, CounterCommand, Added>
{
    public static readonly EntityType<Total, CounterCommand, Added> Type =
        new EntityType<Total, CounterCommand, Added>("counter", new Counter(), 1, CounterJson.Default.Total) { PassivateAfter = TimeSpan.FromSeconds(1) }
            .Message("add", 1, CounterJson.Default.Add)
            .Message("read", 1, CounterJson.Default.Read)
            .Message("added", 1, CounterJson.Default.Added)
            .Message("total", 1, CounterJson.Default.Total);

    public Total Empty => new(0);

    public Decided<Added> Decide(Total state, CounterCommand command, EntityContext context) => command switch
    {
        Add { Amount: < 0 } => Decided<Added>.Refuse("it only grows"),
        Add add => Decided<Added>.Accept(new Added(add.Amount)).With(new Total(state.Value + add.Amount)),
        _ => Decided<Added>.Answer(state),
    };

    public Total Apply(Total state, Added @event) => new(state.Value + @event.Amount);
}
