using System.Globalization;
using Cluster.Lab.Histories;

namespace Cluster.Lab.Checkers.Locks;

/// <summary>
/// A lock with fencing tokens, and the resource that it guards. acquire -> token; release [token]; access [token] -> the resource's own number for the access it
/// let through (a refused access fails). A lease may pass on while its holder sleeps, so what is judged is not who believes to hold the lock but what
/// the resource let happen: tokens rise from holder to holder, and no access comes after one with a newer token (Kleppmann, 2016).
/// </summary>
public sealed class LockChecker : IChecker
{
    public string Name => "lock";

    public bool Understands(Operation operation) => operation.Op is "acquire" or "release" || operation is { Op: "access", Input: [not null] };

    public CheckResult Check(History history)
    {
        var evidence = new Evidence();
        int held = 0, accesses = 0, broken = 0;
        foreach (var key in history.Operations.Where(operation => operation.Outcome == Outcome.Ok).GroupBy(operation => operation.Key).OrderBy(key => key.Key, StringComparer.Ordinal))
        {
            var grants = Read(key, "acquire", operation => operation.Output);
            var accepted = Read(key, "access", operation => operation.Output);
            if (grants is null || accepted is null)
            {
                return new CheckResult(Name, Verdict.Unknown, $"a token or a number of {key.Key} is no whole number", []);
            }

            held += grants.Count;
            accesses += accepted.Count;
            broken += CheckTokens(key.Key, grants, evidence) + CheckAccesses(key.Key, grants, accepted, evidence);
        }

        return evidence.Conclude(Name, $"held {held} times, {accesses} accesses, {broken} broken", broken > 0, held == 0 || accesses == 0 ? "nobody held the lock and used the resource" : null);
    }

    /// <summary>Tokens are given once, and rise with time.</summary>
    private static int CheckTokens(string name, List<(Operation Operation, long Token)> grants, Evidence evidence)
    {
        var broken = 0;
        foreach (var twice in grants.GroupBy(grant => grant.Token).Where(grant => grant.Count() > 1))
        {
            broken++;
            evidence.Add($"token {twice.Key} of {name} was given to " + string.Join(" and ", twice.Select(grant => $"process {grant.Operation.Process} at {Instant.Of(grant.Operation.Return)}")));
        }

        // The highest token given by each return, in order: whoever asks later must get a higher one.
        var byReturn = grants.OrderBy(grant => grant.Operation.Return).ToList();
        var next = 0;
        (Operation Operation, long Token)? highest = null;
        foreach (var grant in grants.OrderBy(grant => grant.Operation.Call))
        {
            for (; next < byReturn.Count && byReturn[next].Operation.Return < grant.Operation.Call; next++)
            {
                highest = highest is { } so && so.Token >= byReturn[next].Token ? highest : byReturn[next];
            }

            if (highest is { } before && before.Token > grant.Token)
            {
                broken++;
                evidence.Add($"process {grant.Operation.Process} got token {grant.Token} of {name} at {Instant.Of(grant.Operation.Return)}, after process {before.Operation.Process} had got {before.Token} by {Instant.Of(before.Operation.Return)}");
            }
        }

        return broken;
    }

    /// <summary>In the order in which the resource let them through.</summary>
    private static int CheckAccesses(string name, List<(Operation Operation, long Token)> grants, List<(Operation Operation, long Token)> accepted, Evidence evidence)
    {
        var broken = 0;
        var given = grants.Select(grant => grant.Token).ToHashSet();
        (Operation Operation, long Token)? newest = null;
        foreach (var (operation, _) in accepted.OrderBy(access => access.Token))
        {
            var token = long.Parse(operation.Input[0]!, CultureInfo.InvariantCulture);
            if (newest is { } before && token < before.Token)
            {
                broken++;
                evidence.Add($"process {operation.Process} used {name} with token {token} at {Instant.Of(operation.Return)}, after process {before.Operation.Process} had used it with the newer {before.Token} by {Instant.Of(before.Operation.Return)}");
            }
            else
            {
                newest = (operation, token);
            }

            if (!given.Contains(token) && grants.Count > 0 && token > grants.Max(grant => grant.Token))
            {
                broken++;
                evidence.Add($"process {operation.Process} used {name} with token {token}, which nobody was given");
            }
        }

        return broken;
    }

    private static List<(Operation Operation, long Token)>? Read(IEnumerable<Operation> operations, string op, Func<Operation, string?> number)
    {
        var read = new List<(Operation, long)>();
        foreach (var operation in operations.Where(operation => operation.Op == op))
        {
            if (!long.TryParse(number(operation), NumberStyles.None, CultureInfo.InvariantCulture, out var value)
                || (op == "access" && (operation.Input is not [{ } token] || !long.TryParse(token, NumberStyles.None, CultureInfo.InvariantCulture, out _))))
            {
                return null;
            }

            read.Add((operation, value));
        }

        return read;
    }
}
