using System.Text.Json.Serialization;
using Cluster.Engine.Port;

namespace Cluster.Engine.Tests.Sharding.Entities;

internal sealed record Account(long Balance, long Movements);

internal abstract record AccountCommand;

internal sealed record Deposit(long Amount) : AccountCommand;

internal sealed record Withdraw(long Amount) : AccountCommand;

internal sealed record GetBalance : AccountCommand, IEntityQuery;

/// <summary>Makes the decider throw, or misbehave as the words say.</summary>
internal sealed record Misbehave(string How) : AccountCommand;

internal abstract record AccountEvent;

internal sealed record Deposited(long Amount) : AccountEvent;

internal sealed record Withdrawn(long Amount) : AccountEvent;

internal sealed record Poisoned : AccountEvent;

internal sealed record Unregistered : AccountEvent;

internal sealed record Balance(long Amount);

[JsonSerializable(typeof(Account))]
[JsonSerializable(typeof(Deposit))]
[JsonSerializable(typeof(Withdraw))]
[JsonSerializable(typeof(GetBalance))]
[JsonSerializable(typeof(Misbehave))]
[JsonSerializable(typeof(Deposited))]
[JsonSerializable(typeof(Withdrawn))]
[JsonSerializable(typeof(Poisoned))]
[JsonSerializable(typeof(Balance))]
internal sealed partial class AccountJson : JsonSerializerContext;

/// <summary>A bank account that is never overdrawn.</summary>
internal sealed class BankAccount : IDecider<Account, AccountCommand, AccountEvent>
{
    public Account Empty => new(0, 0);

    public static EntityType<Account, AccountCommand, AccountEvent> Type(string name = "account") =>
        new EntityType<Account, AccountCommand, AccountEvent>(name, new BankAccount(), 1, AccountJson.Default.Account) { PassivateAfter = TimeSpan.FromSeconds(10) }
            .Message("deposit", 1, AccountJson.Default.Deposit)
            .Message("withdraw", 1, AccountJson.Default.Withdraw)
            .Message("get-balance", 1, AccountJson.Default.GetBalance)
            .Message("misbehave", 1, AccountJson.Default.Misbehave)
            .Message("deposited", 1, AccountJson.Default.Deposited)
            .Message("withdrawn", 1, AccountJson.Default.Withdrawn)
            .Message("poisoned", 1, AccountJson.Default.Poisoned)
            .Message("balance", 1, AccountJson.Default.Balance);

    public Decided<AccountEvent> Decide(Account state, AccountCommand command, EntityContext context) => command switch
    {
        Deposit deposit => Decided<AccountEvent>.Accept(new Deposited(deposit.Amount)).With(new Balance(state.Balance + deposit.Amount)),
        Withdraw withdraw when withdraw.Amount <= state.Balance => Decided<AccountEvent>.Accept(new Withdrawn(withdraw.Amount)).With(new Balance(state.Balance - withdraw.Amount)),
        Withdraw withdraw => Decided<AccountEvent>.Refuse($"{context.EntityId} has {state.Balance}, not {withdraw.Amount}"),
        GetBalance => Decided<AccountEvent>.Answer(new Balance(state.Balance)),
        Misbehave { How: "poison" } => Decided<AccountEvent>.Accept(new Poisoned()),
        Misbehave { How: "unregistered" } => Decided<AccountEvent>.Accept(new Unregistered()),
        _ => throw new InvalidOperationException("it was told to"),
    };

    public Account Apply(Account state, AccountEvent @event) => @event switch
    {
        Deposited deposited => new Account(state.Balance + deposited.Amount, state.Movements + 1),
        Withdrawn withdrawn => new Account(state.Balance - withdrawn.Amount, state.Movements + 1),
        _ => throw new InvalidOperationException($"cannot follow on {@event}"),
    };
}
