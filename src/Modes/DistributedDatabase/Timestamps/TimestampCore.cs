using Cluster.Engine.Port;

namespace Cluster.Modes.DistributedDatabase.Timestamps;

/// <summary>
/// The timestamp oracle (Percolator 2.3), as an entity: ticks rise, each is given once, and a majority has written down that it was given before anybody has it. It reads no clock, so none can put it back.
/// </summary>
public sealed class TimestampCore : IDecider<OracleState, AllotTicks, TicksAllotted>
{
    /// <summary>Its one entity.</summary>
    public const string Id = "oracle";

    /// <summary>Ticks of one allotment: more than a node can have transactions.</summary>
    public const int MostAtOnce = 10_000;

    public static EntityType<OracleState, AllotTicks, TicksAllotted> Type { get; } =
        new EntityType<OracleState, AllotTicks, TicksAllotted>("distributed-database-oracle", new TimestampCore(), 1, DatabaseJson.Default.OracleState)
            .Message("allot", 1, DatabaseJson.Default.AllotTicks)
            .Message("allotted", 1, DatabaseJson.Default.TicksAllotted);

    public OracleState Empty { get; } = new(0);

    public Decided<TicksAllotted> Decide(OracleState state, AllotTicks command, EntityContext context)
    {
        if (command.Count is < 1 or > MostAtOnce)
        {
            return Decided<TicksAllotted>.Refuse(FormattableString.Invariant($"{command.Count} ticks cannot be had at once; 1 to {MostAtOnce} can"));
        }

        var allotted = new TicksAllotted(state.Last + 1, command.Count);
        return Decided<TicksAllotted>.Accept(allotted).With(allotted);
    }

    public OracleState Apply(OracleState state, TicksAllotted @event) => new(@event.First + @event.Count - 1);
}
