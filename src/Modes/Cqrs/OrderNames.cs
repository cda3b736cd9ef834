using System.Globalization;
using Cluster.Modes.Storage;

namespace Cluster.Modes.Cqrs;

/// <summary>How long the names may be that an order brings into the views, pure. A view's state is bounded by its JSON, where a byte may take six: so that is what is counted.</summary>
internal static class OrderNames
{
    /// <summary>
    /// Bytes of a name in JSON: a row has 53 beside it at most, and <see cref="ViewCore.MaxRows"/> of both stay below <see cref="Engine.Port.EntityLimits.MaxStateBytes"/>.
    /// </summary>
    public const int MaxJsonBytes = 110;

    /// <summary>Why an order cannot be placed under these names; null when it can. What an order was placed with goes through its whole life.</summary>
    public static string? WhyNot(OrderCommand order) => order.Verb != "place" ? null : WhyNot("id", order.Id) ?? WhyNot("customer", order.Customer) ?? WhyNot("item", order.Item);

    private static string? WhyNot(string what, string name) => JsonLength.Of(name) is var bytes && bytes > MaxJsonBytes
        ? string.Create(CultureInfo.InvariantCulture, $"{what} takes {bytes} bytes in a view, and may take {MaxJsonBytes}: a letter beyond ASCII takes six or more")
        : null;
}
