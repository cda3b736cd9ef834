using System.Globalization;
using System.Text;
using System.Text.Json;
using Cluster.Engine.Port;
using Cluster.Modes.Lock;

namespace Cluster.Modes.Tests.Lock;

/// <summary>One lock and what it guards, decided and applied at once under a clock that the test sets; every state goes through its JSON, as in a log.</summary>
internal sealed class LockWorld
{
    public static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly LockCore locks = new();
    private readonly ResourceCore resources = new();
    private readonly StringBuilder trace = new();

    public LockState State { get; private set; } = LockState.Empty;

    public ResourceState Resource { get; private set; } = new(0, 0, "");

    /// <summary>The clock of whoever decides, from the start.</summary>
    public TimeSpan Clock { get; set; }

    /// <summary>What happened so far, a line a step.</summary>
    public string Trace => trace.ToString();

    public static Acquire Acquire(string session, int lease = 10, int delay = 0, int keep = 0, string? attempt = null) =>
        new(session, attempt, TimeSpan.FromSeconds(lease), TimeSpan.FromSeconds(delay), TimeSpan.FromSeconds(keep), keep > 0 ? $"/user/{session}" : null);

    public LockReply Do(LockCommand command)
    {
        var decided = locks.Decide(State, command, new EntityContext("l", Start + Clock));
        Assert.Null(decided.Refusal);
        foreach (var happens in decided.Events)
        {
            State = Read(locks.Apply(State, happens));
        }

        var reply = (LockReply)decided.Reply!;
        Note(command, string.Join(", ", decided.Events.Select(happens => happens.GetType().Name)), $"{reply.Outcome}{(reply.Token > 0 ? $" token {reply.Token}" : "")}{(reply.Place > 0 ? $" place {reply.Place}" : "")}{(reply.Next is { } next ? $", wakes {next}" : "")}{(reply.Why is { } why ? $": {why}" : "")}");
        return reply;
    }

    public LockReply At(int seconds, LockCommand command)
    {
        Clock = TimeSpan.FromSeconds(seconds);
        return Do(command);
    }

    public LockView Show() => (LockView)locks.Decide(State, new Show(), new EntityContext("l", Start + Clock)).Reply!;

    /// <returns>Null, or why it was refused.</returns>
    public string? Use(long token, string value, bool unfenced = false)
    {
        var access = new Access(token, value, unfenced);
        var decided = resources.Decide(Resource, access, new EntityContext("l", Start + Clock));
        Resource = decided.Events.Aggregate(Resource, resources.Apply);
        Note(access, string.Join(", ", decided.Events.Select(happens => happens.GetType().Name)), decided.Refusal ?? $"access {Resource.Accesses}");
        return decided.Refusal;
    }

    private static LockState Read(LockState state) => JsonSerializer.Deserialize(JsonSerializer.SerializeToUtf8Bytes(state, LockJson.Default.LockState), LockJson.Default.LockState)!;

    private void Note(object command, string events, string reply)
    {
        var words = command switch
        {
            Acquire acquire => $"{acquire.Session} acquires for {acquire.Lease.TotalSeconds:0} s",
            Renew renew => $"renew {renew.Token}",
            Release release => $"release {release.Token}",
            Withdraw withdraw => $"{withdraw.Session} withdraws",
            Access access => $"write \"{access.Value}\" with token {access.Token}",
            _ => command.GetType().Name,
        };
        trace.Append(CultureInfo.InvariantCulture, $"{Clock.TotalSeconds,5:0.0} s  {words,-36} [{events}] {reply}\n");
    }
}
