using System.Text.Json.Serialization;
using Cluster.Engine.Port;

namespace Cluster.Benchmarks.Throughput;

internal abstract record AccountCommand;

internal sealed record Deposit(int Amount) : AccountCommand;

internal sealed record Balance : AccountCommand, IEntityQuery;

internal sealed record Deposited(int Amount);

internal sealed record Total(long Value);

[JsonSerializable(typeof(Deposit))]
[JsonSerializable(typeof(Balance))]
[JsonSerializable(typeof(Deposited))]
[JsonSerializable(typeof(Total))]
internal sealed partial class AccountJson : JsonSerializerContext;

/// <summary>The smallest entity there is: a total that commands add to or ask for.</summary>
internal sealed class Account : IDecider<Total, AccountCommand, Deposited>
{
    public Total Empty { get; } = new(0);

    public static EntityType<Total, AccountCommand, Deposited> Type() =>
        new EntityType<Total, AccountCommand, Deposited>("account", new Account(), 1, AccountJson.Default.Total)
            .Message("deposit", 1, AccountJson.Default.Deposit)
            .Message("balance", 1, AccountJson.Default.Balance)
            .Message("deposited", 1, AccountJson.Default.Deposited)
            .Message("total", 1, AccountJson.Default.Total);

    public Decided<Deposited> Decide(Total state, AccountCommand command, EntityContext context) => command switch
    {
        Deposit deposit => Decided<Deposited>.Accept(new Deposited(deposit.Amount)).With(new Total(state.Value + deposit.Amount)),
        _ => Decided<Deposited>.Answer(state),
    };

    public Total Apply(Total state, Deposited @event) => new(state.Value + @event.Amount);
}
