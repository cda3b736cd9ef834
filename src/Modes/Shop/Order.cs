using System.Globalization;
using System.Text.Json.Serialization;

namespace Cluster.Modes.Shop;

/// <summary>What a customer orders: so many pieces of one item for so many cents, brought by one carrier. Three participants must do their part, or none.</summary>
/// <param name="Id">Chosen by whoever orders: asked again with it, the same order is meant.</param>
/// <param name="FailAt">The participant that is to refuse on purpose; null for none.</param>
public sealed record Order(string Id, string Item, long Quantity, string Customer, long Price, string Carrier, Participant? FailAt = null)
{
    /// <summary>
    /// Tells orders under one id apart, where no log remembers the first of them any more: FNV-1a of 64 bits over all that was ordered. It is no protection against somebody who looks for two orders
    /// that have the same.
    /// </summary>
    [JsonIgnore]
    public long Content
    {
        get
        {
            var hash = 14695981039346656037ul;
            foreach (var character in string.Join('\0', Id, Item, Quantity.ToString(CultureInfo.InvariantCulture), Customer, Price.ToString(CultureInfo.InvariantCulture), Carrier, FailAt?.ToString()))
            {
                hash = (hash ^ character) * 1099511628211ul;
            }

            return (long)hash;
        }
    }

    /// <summary>The participant's ledger that this order is entered in.</summary>
    public string LedgerAt(Participant participant) => participant switch
    {
        Participant.Stock => Item,
        Participant.Payment => Customer,
        _ => Carrier,
    };

    /// <summary>How much of it: pieces, cents, or one parcel.</summary>
    public long AmountAt(Participant participant) => participant switch
    {
        Participant.Stock => Quantity,
        Participant.Payment => Price,
        _ => 1,
    };

    /// <summary>Whether that participant was told to refuse it.</summary>
    public bool FailsAt(Participant participant) => FailAt == participant;
}
