using Cluster.Lab.Histories;

namespace Cluster.Lab.Checkers.Locks;

/// <summary>
/// A lock with fencing tokens, and the resource that it guards. acquire [session] -> token, or token and ticket, with token 0 for a place in the queue alone; the session may be left out, then each
/// acquisition is one of its own. renew [token]; release [token] -> how often it is still held, or nothing; access [token] -> the resource's own number for the access it let through (a refused
/// access fails); withdraw [session]. A lease may pass on while its holder sleeps, so what is judged is not who believes to hold the lock but what the lock and the resource let
/// happen: tokens rise from holder to holder and each has one session, a token that has passed on holds nothing any more, no access comes after one with a newer token (Kleppmann,
/// 2016), and whoever had the earlier ticket is granted first.
/// </summary>
public sealed class LockChecker : IChecker
{
    public string Name => "lock";

    public bool Understands(Operation operation) => operation.Op is "acquire" or "release" || operation is { Op: "access" or "renew" or "withdraw", Input: [not null] };

    public CheckResult Check(History history)
    {
        var evidence = new Evidence();
        int held = 0, accesses = 0, broken = 0;
        foreach (var key in history.Operations.GroupBy(operation => operation.Key).OrderBy(key => key.Key, StringComparer.Ordinal))
        {
            if (LockHistory.Read(key.Key, [.. key]) is not { } seen)
            {
                return new CheckResult(Name, Verdict.Unknown, $"a token, a ticket or a number of {key.Key} is no whole number", []);
            }

            held += seen.Grants.Select(grant => grant.Token).Distinct().Count();
            accesses += seen.Accesses.Count;
            foreach (var line in TokenRules.Broken(seen).Concat(ResourceRules.Broken(seen)).Concat(QueueRules.Broken(seen)))
            {
                broken++;
                evidence.Add(line);
            }
        }

        return evidence.Conclude(Name, $"held {held} times, {accesses} accesses, {broken} broken", broken > 0, held == 0 || accesses == 0 ? "nobody held the lock and used the resource" : null);
    }
}
