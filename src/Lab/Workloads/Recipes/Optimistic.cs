using Cluster.Lab.Workloads.Sessions;

namespace Cluster.Lab.Workloads.Recipes;

/// <summary>
/// The loop round an optimistic transaction: one that failed because a key changed certainly had no effect, so it is tried again, a few times. All of it is one
/// operation of the history.
/// </summary>
internal static class Optimistic
{
    /// <summary>A dozen clients on one key collide often; a client that lost so many times in a row says so instead of holding its place.</summary>
    public const int MostAttempts = 8;

    public static async Task<StoreAnswer> RunAsync(IClientSession session, IReadOnlyList<string> keys, Func<IReadOnlyList<string?>, StoreDecision> decide)
    {
        for (var attempt = 1; ; attempt++)
        {
            var refused = false;
            var answer = await session.TransactAsync(
                keys,
                values =>
                {
                    var decision = decide(values);
                    refused = decision.IsRefusal;
                    return decision;
                }).ConfigureAwait(false);
            if (!answer.IsConflict || refused || attempt == MostAttempts)
            {
                return answer;
            }
        }
    }
}
