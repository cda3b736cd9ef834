using System.Globalization;
using Cluster.Lab.Workloads.Sessions;

namespace Cluster.Lab.Workloads.Recipes;

/// <summary>
/// A lock with a lease and a fencing token (Kleppmann 2016), and the resource that it guards. <c>{lock}:holder</c> is the token of who holds it and is gone when the lease is over;
/// <c>{lock}:token</c> is the last one given and never goes back. A lease alone protects nothing, since its holder may sleep past it: the resource, <c>{lock}:resource</c>, compares
/// tokens at each access and lets nobody in with an older one than it has seen.
/// </summary>
internal sealed class LockRecipe(TimeSpan lease) : IRecipe
{
    public Task<StoreAnswer> ExecuteAsync(IClientSession session, Request request) => request switch
    {
        { Op: "acquire" } => Optimistic.RunAsync(session, [Holder(request.Key), Token(request.Key)], values => Acquire(request.Key, values[0], values[1])),
        { Op: "access", Input: [{ } token] } => Optimistic.RunAsync(session, [Resource(request.Key)], values => Access(request.Key, values[0], Number(token))),
        { Op: "release", Input: [{ } token] } => Optimistic.RunAsync(
            session, [Holder(request.Key)], values => values[0] == token ? new StoreDecision([new StoreWrite(Holder(request.Key), null)]) : StoreDecision.Refuse),
        _ => throw new ArgumentException($"no recipe for '{request.Op}'", nameof(request)),
    };

    private StoreDecision Acquire(string name, string? holder, string? last)
    {
        if (holder is not null)
        {
            return StoreDecision.Refuse;
        }

        var token = Text(last is null ? 1 : Number(last) + 1);
        return new StoreDecision([new StoreWrite(Holder(name), token, lease), new StoreWrite(Token(name), token)], token);
    }

    /// <summary>The resource holds the newest token it has seen and the number of its last access.</summary>
    private static StoreDecision Access(string name, string? stored, long token)
    {
        var (newest, accesses) = Elements.Split(stored) is [var seen, var count] ? (Number(seen), Number(count)) : (0, 0);
        return token < newest ? StoreDecision.Refuse : new StoreDecision([new StoreWrite(Resource(name), $"{Text(token)} {Text(accesses + 1)}")], Text(accesses + 1));
    }

    private static string Holder(string name) => $"{{{name}}}:holder";

    private static string Token(string name) => $"{{{name}}}:token";

    private static string Resource(string name) => $"{{{name}}}:resource";

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
