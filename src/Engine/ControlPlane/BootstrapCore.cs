using Cluster.Shared.Ids;
using Cluster.Shared.Wire;

namespace Cluster.Engine.ControlPlane;

/// <summary>
/// How a starting node finds its cluster, or forms it. Guarantees that no two clusters are formed from one seed list, as long as a data directory that was in one
/// is not wiped while its members cannot be reached. Pure: answers and the time come in, actions go out.
/// </summary>
/// <remarks>
/// <para>
/// Only the first seed of the list forms, and only at the end of a round in which a majority of the seeds, itself included, is not a member of anything and
/// none was ever heard to be one, or to be joining one. A seed whose own list starts with another seed does not count towards that majority, so that two
/// different lists cannot form two clusters either. A data directory that belongs to a cluster never forms one.
/// </para>
/// <para>
/// Everybody else, and a member that has started again, joins through whichever seed is a member, or through the leader that its own replica of group 0 has
/// found. A first seed whose data was wiped finds its old peers as members and joins them as a new node: if its name is still held by its old self, the
/// refusal says how to free it.
/// </para>
/// <para>Rounds are paced: one under way at a time, then a pause that doubles up to a bound.</para>
/// </remarks>
internal sealed partial class BootstrapCore
{
    /// <summary>How often one join follows "not I, but that one leads" before it pauses: leadership that moves faster than this is not settled yet.</summary>
    private const int MaxHops = 3;

    private readonly BootstrapOptions options;
    private readonly int self;

    /// <param name="attemptsFrom">
    /// Above every number that an earlier life of this node may have used (its incarnation, shifted up, will do): an answer to that life could else be taken
    /// for one to this.
    /// </param>
    /// <exception cref="ArgumentException">An option is out of its bounds.</exception>
    public BootstrapCore(BootstrapOptions options, BootstrapIdentity identity, ulong attemptsFrom = 0)
        : this(options, new BootstrapState(
            BootstrapPhase.Pausing, identity.ClusterId, identity.Node, [], SawMember: false, attemptsFrom, TimeSpan.Zero, options.RetryPause, Hops: 0,
            Leader: null, Via: null, Failed: null, "it is starting"))
    {
    }

    /// <summary>Goes on from a state.</summary>
    /// <exception cref="ArgumentException">An option is out of its bounds.</exception>
    public BootstrapCore(BootstrapOptions options, BootstrapState state)
    {
        options.Validate();
        this.options = options;
        State = state;
        self = options.Seeds.IndexOf(options.Self);
    }

    public BootstrapState State { get; private set; }

    /// <summary>When <see cref="Tick"/> is next worth calling; null when it never is again.</summary>
    public TimeSpan? NextTick => State.Phase is BootstrapPhase.Forming or BootstrapPhase.Member or BootstrapPhase.Refused ? null : State.Deadline;

    private bool IsFresh => State.ClusterId.Length == 0;

    private bool MayForm => IsFresh && self == 0 && !State.SawMember;

    /// <summary>Begins, and goes on when the time has come.</summary>
    public IReadOnlyList<BootstrapAction> Tick(TimeSpan now)
    {
        if (now < State.Deadline)
        {
            return [];
        }

        switch (State.Phase)
        {
            case BootstrapPhase.Pausing:
                return Ask(now);
            case BootstrapPhase.Asking:
                State = State with { Heard = [.. State.Heard.Select((heard, seed) => heard.IsOver || seed == self ? heard : SeedHeard.Silent)] };
                return Conclude(now);
            case BootstrapPhase.Joining:
                return JoinFailed(State.Attempt, $"no answer within {options.JoinTimeout.TotalSeconds:0.#} s", now);
            default:
                return [];
        }
    }

    /// <summary>A seed has answered.</summary>
    public IReadOnlyList<BootstrapAction> SeedAnswered(NodeAddress seed, ulong attempt, SeedAnswer answer, TimeSpan now) =>
        Heard(seed, attempt, new SeedHeard(true, answer.Standing, answer.ClusterId, answer.Refused), answer.LeaderAddress, now);

    /// <summary>A seed cannot be reached.</summary>
    public IReadOnlyList<BootstrapAction> SeedUnreachable(NodeAddress seed, ulong attempt, TimeSpan now) => Heard(seed, attempt, SeedHeard.Silent, "", now);

    /// <summary>
    /// This node's own replica of group 0 knows a leader (which may be this node), or knows none any more: a member that has started again need not wait for
    /// a seed. To be told at each change, member or not: whoever asks this node as a seed is sent there. Saying the same again changes nothing.
    /// </summary>
    public IReadOnlyList<BootstrapAction> LeaderKnown(NodeAddress? leader, TimeSpan now)
    {
        if (State.Leader == leader)
        {
            return [];
        }

        State = State with { Leader = leader };
        return leader is { } known && !IsFresh && State.Phase is BootstrapPhase.Asking or BootstrapPhase.Pausing ? Join(known, hops: 0, now) : [];
    }

    /// <summary>The cluster stands: the command that forms it is committed.</summary>
    public IReadOnlyList<BootstrapAction> Formed(string clusterId, NodeId node)
    {
        if (State.Phase != BootstrapPhase.Forming)
        {
            throw new InvalidOperationException($"a cluster was formed without being asked for, in phase {State.Phase}");
        }

        return Become(clusterId, node);
    }

    /// <summary>What this node answers to another one that asks it as a seed.</summary>
    public SeedAnswer Answer(SeedQuery query)
    {
        if (query.ClusterName != options.ClusterName)
        {
            return Refusal($"{options.Self} belongs to cluster '{options.ClusterName}', not to '{query.ClusterName}': check the cluster name and the seeds");
        }

        if (!IsFresh)
        {
            return new SeedAnswer { Standing = SeedStanding.Member, ClusterId = State.ClusterId, LeaderAddress = State.Leader?.ToString() ?? "" };
        }

        if (State.Phase is BootstrapPhase.Joining or BootstrapPhase.Forming)
        {
            return new SeedAnswer { Standing = SeedStanding.Joining };
        }

        return query.FirstSeed == options.Seeds[0].ToString()
            ? new SeedAnswer { Standing = SeedStanding.NotAMember }
            : Refusal($"the seed list of {options.Self} starts with {options.Seeds[0]}, the asker's with {query.FirstSeed}: give every node the same list, in the same order");

        static SeedAnswer Refusal(string why) => new() { Standing = SeedStanding.Refused, Refused = why };
    }

    private IReadOnlyList<BootstrapAction> Heard(NodeAddress from, ulong attempt, SeedHeard heard, string leader, TimeSpan now)
    {
        var seed = options.Seeds.IndexOf(from);
        if (State.Phase != BootstrapPhase.Asking || attempt != State.Attempt || seed < 0 || seed == self || State.Heard[seed].IsOver)
        {
            return [];
        }

        State = State with { Heard = State.Heard.SetItem(seed, heard), SawMember = State.SawMember || heard.Standing == SeedStanding.Member };
        if (heard.Standing == SeedStanding.Member && (IsFresh || heard.ClusterId == State.ClusterId))
        {
            return Join(FollowHint(leader) ?? from, hops: 0, now);
        }

        return State.Heard.Where((other, index) => index != self).All(other => other.IsOver) ? Conclude(now) : [];
    }

    private IReadOnlyList<BootstrapAction> Ask(TimeSpan now)
    {
        State = State with
        {
            Phase = BootstrapPhase.Asking,
            Attempt = State.Attempt + 1,
            Heard = [.. options.Seeds.Select(_ => SeedHeard.Unheard)],
            Deadline = now + options.AnswerTimeout,
        };
        var others = options.Seeds.Where((_, seed) => seed != self).Select(seed => (BootstrapAction)new ContactSeed(seed, State.Attempt)).ToArray();
        return others.Length > 0 ? others : Conclude(now);
    }

    /// <summary>The round is over and nobody could be joined.</summary>
    private IReadOnlyList<BootstrapAction> Conclude(TimeSpan now)
    {
        var free = State.Heard.Count(heard => heard.Standing == SeedStanding.NotAMember) + (self >= 0 ? 1 : 0);
        if (MayForm && free > options.Seeds.Length / 2 && !State.Heard.Any(heard => heard.Standing == SeedStanding.Joining))
        {
            State = State with { Phase = BootstrapPhase.Forming, Reason = "it is forming the cluster" };
            return [new FormNewCluster()];
        }

        if (!IsFresh && State.Leader is { } leader)
        {
            return Join(leader, hops: 0, now);
        }

        return WhyRefusedByAll() is { } refused ? Refuse(refused) : Pause(WhatIsMissing(free), now);
    }
}
