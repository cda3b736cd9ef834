using Cluster.Shared.Http;
using Cluster.Shared.Ids;

namespace Cluster.Engine.Remoting.Faults;

/// <summary>Checks link faults that come from outside; each refusal names the rule, the value and the range.</summary>
internal static class LinkFaultRules
{
    /// <exception cref="ArgumentException">A rule is out of range or names a node twice.</exception>
    public static IReadOnlyList<LinkFaultView> Validate(IReadOnlyList<LinkFaultView> rules)
    {
        var named = new HashSet<string>(StringComparer.Ordinal);
        foreach (var rule in rules)
        {
            if (!NodeName.TryParse(rule.To, out _))
            {
                throw new ArgumentException($"link fault: '{rule.To}' is not a node name: 1 to 32 of a-z, 0-9 and '-', a letter first", nameof(rules));
            }

            if (!named.Add(rule.To))
            {
                throw new ArgumentException($"link fault: two rules for the link to {rule.To}: put them into one", nameof(rules));
            }

            Range(rule, nameof(rule.DelayMs), rule.DelayMs, LinkFaults.MaxDelayMs);
            Range(rule, nameof(rule.JitterMs), rule.JitterMs, LinkFaults.MaxDelayMs);
            Range(rule, nameof(rule.LossPercent), rule.LossPercent, 100);
            Range(rule, nameof(rule.DuplicatePercent), rule.DuplicatePercent, 100);
            Range(rule, nameof(rule.ReorderPercent), rule.ReorderPercent, 100);
            Range(rule, nameof(rule.BytesPerSecond), rule.BytesPerSecond, long.MaxValue);
        }

        return rules;
    }

    private static void Range(LinkFaultView rule, string field, double value, double max)
    {
        // Written so that NaN is refused too.
        if (!(value >= 0 && value <= max))
        {
            var range = max >= long.MaxValue ? "0 (no throttle) or more" : FormattableString.Invariant($"from 0 to {max}");
            throw new ArgumentException(FormattableString.Invariant($"link fault to {rule.To}: {field} is {value}, it must be {range}"), nameof(rule));
        }
    }
}
