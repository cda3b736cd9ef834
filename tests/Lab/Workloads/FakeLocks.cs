using System.Globalization;
using Cluster.Lab.Workloads.Sessions;

namespace Cluster.Lab.Tests.Workloads;

/// <summary>The mode <c>lock</c> in one piece of memory, without waiting: who does not get the lock has a place in its queue. Or one that is wrong in one way.</summary>
internal sealed class FakeLocks(TimeProvider time, FakeLocks.Wrong wrong = FakeLocks.Wrong.Nothing)
{
    private readonly Dictionary<string, One> locks = [];

    internal enum Wrong
    {
        Nothing,

        /// <summary>The resource takes any token.</summary>
        Unfenced,

        /// <summary>A released token is given again.</summary>
        TokenReused,

        /// <summary>The last in the queue is granted first.</summary>
        LastComeFirstServed,

        /// <summary>A lease that has passed on is renewed, and released.</summary>
        HeldForGood,

        /// <summary>Two accesses get one number.</summary>
        Uncounted,
    }

    /// <summary>Answers that would not have been given by a lock that is right.</summary>
    public int Spoiled { get; private set; }

    public StoreAnswer Answer(ModeCall call)
    {
        var given = call.Arguments.ToDictionary(argument => argument.Name, argument => argument.Value!);
        if (!locks.TryGetValue(given["name"], out var one))
        {
            locks.Add(given["name"], one = new One());
        }

        one.Pass(time.GetTimestamp());
        return call.Operation switch
        {
            "acquire" => Acquire(one, given["session"], Ticks(given["lease"]), Ticks(given["keep"])),
            "renew" => Holds(one, given) ? Renew(one, Ticks(given["lease"])) : StoreAnswer.Conflict,
            "release" => Holds(one, given) ? Release(one) : StoreAnswer.Conflict,
            "access" => Access(one, Token(given)),
            _ => one.Queue.RemoveAll(waiter => waiter.Session == given["session"]) > 0 ? StoreAnswer.Ok("{}") : StoreAnswer.Conflict,
        };
    }

    private static long Token(Dictionary<string, string> given) => long.Parse(given["token"], CultureInfo.InvariantCulture);

    private static long Ticks(string milliseconds) => TimeSpan.FromMilliseconds(int.Parse(milliseconds[..^2], CultureInfo.InvariantCulture)).Ticks;

    private StoreAnswer Renew(One one, long lease)
    {
        one.Until = time.GetTimestamp() + lease;
        return StoreAnswer.Ok("{}");
    }

    private StoreAnswer Acquire(One one, string session, long lease, long keep)
    {
        var now = time.GetTimestamp();
        var ticket = one.Queue.Find(waiter => waiter.Session == session).Ticket;
        var next = one.Queue.Count == 0 || one.Queue[wrong == Wrong.LastComeFirstServed ? ^1 : 0].Session == session;
        Spoiled += wrong == Wrong.LastComeFirstServed && one.Queue.Count > 1 ? 1 : 0;
        if (one.Holder == session || (one.Holder is null && next))
        {
            one.Count = one.Holder is null ? 1 : one.Count + 1;
            one.Token += one.Holder is null ? 1 : 0;
            one.Ticket = one.Holder is not null ? one.Ticket : ticket > 0 ? ticket : ++one.LastTicket;
            (one.Holder, one.Until) = (session, now + lease);
            one.Queue.RemoveAll(waiter => waiter.Session == session);
            return Say($$"""{"granted":true,"token":{{one.Token}},"ticket":{{one.Ticket}}}""");
        }

        ticket = ticket > 0 ? ticket : ++one.LastTicket;
        one.Queue.RemoveAll(waiter => waiter.Session == session);
        one.Queue.Add((session, ticket, now + keep));
        one.Queue.Sort((left, right) => left.Ticket.CompareTo(right.Ticket));
        return Say($$"""{"granted":false,"ticket":{{ticket}}}""");
    }

    private StoreAnswer Release(One one)
    {
        if (one.Holder is not null && --one.Count == 0)
        {
            one.Holder = null;
            one.Token -= wrong == Wrong.TokenReused ? 1 : 0;
            Spoiled += wrong == Wrong.TokenReused ? 1 : 0;
        }

        return Say($$"""{"count":{{one.Count}}}""");
    }

    private StoreAnswer Access(One one, long token)
    {
        if (token < one.Newest)
        {
            if (wrong != Wrong.Unfenced)
            {
                return StoreAnswer.Conflict;
            }

            Spoiled++;
        }

        one.Newest = token;
        var skips = wrong == Wrong.Uncounted && one.Accesses % 10 == 9 && !one.HasSkipped;
        one.HasSkipped = skips;
        Spoiled += skips ? 1 : 0;
        one.Accesses += skips ? 0 : 1;
        return Say($$"""{"access":{{one.Accesses}}}""");
    }

    private bool Holds(One one, Dictionary<string, string> given)
    {
        var holds = one.Holder is not null && one.Token == Token(given);
        Spoiled += wrong == Wrong.HeldForGood && !holds ? 1 : 0;
        return holds || wrong == Wrong.HeldForGood;
    }

    private static StoreAnswer Say(FormattableString json) => StoreAnswer.Ok(json.ToString(CultureInfo.InvariantCulture));

    private sealed class One
    {
        public List<(string Session, long Ticket, long Until)> Queue { get; } = [];

        public string? Holder { get; set; }

        public long Until { get; set; }

        public int Count { get; set; }

        public long Token { get; set; }

        public long Ticket { get; set; }

        public long LastTicket { get; set; }

        public long Newest { get; set; }

        public long Accesses { get; set; }

        public bool HasSkipped { get; set; }

        public void Pass(long now)
        {
            Holder = now < Until ? Holder : null;
            Queue.RemoveAll(waiter => now >= waiter.Until);
        }
    }
}
