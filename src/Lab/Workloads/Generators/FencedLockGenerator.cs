using Cluster.Lab.Histories;
using Cluster.Lab.Workloads.Sessions;

namespace Cluster.Lab.Workloads.Generators;

/// <summary>
/// What a <see cref="LockGenerator"/> does, by sessions and with a queue: it waits for its turn some requests long and gives up after them, renews, and enters again what it holds. Each
/// acquisition has a session of its own, so that who wakes up after its lease is another one than who works meanwhile.
/// </summary>
internal sealed class FencedLockGenerator(WorkloadOptions options, int client, int locks) : IGenerator
{
    /// <summary>Requests in which it waits for one lock.</summary>
    private const int MostAsks = 4;

    /// <summary>Of operations of a holder, how many renew its lease, and how many acquire once more.</summary>
    private const int RenewPercent = 10;
    private const int EnterPercent = 10;

    private readonly LockGenerator holder = new(options, client, locks);
    private readonly Dice dice = new(options with { Seed = ~options.Seed }, client, locks);
    private Request? pending;
    private (string Lock, string Session, string Token)? held;
    private int sessions;
    private int asks;

    public IEnumerable<string> Keys => holder.Keys;

    public Request Next()
    {
        if (pending is { } first)
        {
            pending = null;
            return first;
        }

        if (held is { } hold && dice.NextPercent() is var chance && chance < RenewPercent + EnterPercent)
        {
            return chance < RenewPercent ? new Request("renew", hold.Lock, hold.Token) : new Request("acquire", hold.Lock, hold.Session);
        }

        var choice = holder.Next();
        switch (choice.Op)
        {
            case "acquire":
                (held, asks) = (null, 0);
                return new Request("acquire", choice.Key, FormattableString.Invariant($"s{options.FirstProcess + client}.{++sessions}"));
            case "release":
                held = null;
                return choice;
            default:
                return choice;
        }
    }

    public void Saw(Request request, in StoreAnswer answer)
    {
        if (answer is not { Outcome: Outcome.Ok, Output: { } output })
        {
            return;
        }

        if (request.Op == "release")
        {
            pending = output == "0" ? null : request; // Entered more than once: it is to be given back as often.
        }
        else if (request.Op == "acquire" && output.Split(' ')[0] is var token)
        {
            if (token == "0")
            {
                pending = ++asks < MostAsks ? request : new Request("withdraw", request.Key, request.Input[0]);
            }
            else if (held is null)
            {
                held = (request.Key, request.Input[0]!, token);
                holder.Saw(request, StoreAnswer.Ok(token));
            }
        }
    }
}
