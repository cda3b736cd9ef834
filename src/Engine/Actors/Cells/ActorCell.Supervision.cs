using Cluster.Engine.Actors.Mailboxes;
using Cluster.Engine.Port;

namespace Cluster.Engine.Actors.Cells;

/// <summary>A parent's verdicts on its children's failures.</summary>
internal sealed partial class ActorCell
{
    private SupervisorStrategy Strategy => props.SupervisorStrategy ?? actor?.OwnStrategy ?? SupervisorStrategy.Default;

    private void JudgeChild(InternalRef failed, Exception cause)
    {
        if (failed is not LocalRef child || children.Find(child) is not { } entry)
        {
            return;
        }

        var strategy = Strategy;
        var directive = strategy.Decide(cause);
        var concerned = strategy.AppliesToAll && directive is Directive.Restart or Directive.Stop ? children.ToArray() : [entry];
        if (directive == Directive.Restart && !MayRestart(concerned, strategy))
        {
            directive = Directive.Stop;
        }

        OwnSystem.Report(new ActorFailed(child, cause, directive));
        switch (directive)
        {
            case Directive.Resume:
                child.SendSystem(new ResumeSignal(clearsFailure: true));
                break;
            case Directive.Restart:
                Restart(concerned, child, cause);
                break;
            case Directive.Stop:
                foreach (var each in concerned)
                {
                    Stop(each.Ref);
                }

                break;
            case Directive.Escalate:
                Fail(cause, child);
                break;
            default:
                throw new InvalidOperationException($"{Path} decided {directive} on {child.Path}, which is no directive");
        }
    }

    private bool MayRestart(ChildEntry[] concerned, SupervisorStrategy strategy)
    {
        var granted = true;
        foreach (var entry in concerned)
        {
            granted &= entry.MayRestart(strategy, OwnSystem.Time);
        }

        return granted;
    }

    private static void Restart(ChildEntry[] concerned, LocalRef failed, Exception cause)
    {
        foreach (var entry in concerned)
        {
            if (!ReferenceEquals(entry.Ref, failed))
            {
                entry.Ref.SendSystem(new SuspendSignal());
            }

            entry.Ref.SendSystem(new RecreateSignal(cause));
        }
    }
}
