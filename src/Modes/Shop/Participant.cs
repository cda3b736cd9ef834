using System.Text.Json.Serialization;

namespace Cluster.Modes.Shop;

/// <summary>Who takes part in an order. Each keeps ledgers: one for each item in stock, for each customer's account, for each carrier's capacity.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Participant>))]
public enum Participant
{
    /// <summary>Pieces of an item.</summary>
    [JsonStringEnumMemberName("stock")]
    Stock,

    /// <summary>Cents of a customer.</summary>
    [JsonStringEnumMemberName("payment")]
    Payment,

    /// <summary>Parcels that a carrier can take.</summary>
    [JsonStringEnumMemberName("shipping")]
    Shipping,
}
