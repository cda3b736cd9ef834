using Cluster.Engine.Port;
using Cluster.Modes.Hosting;
using Cluster.Shared.Results;

namespace Cluster.Modes.CircuitBreaker;

/// <summary>One question of a client to a dependency itself, past all proxies: passes it on, answers once, and ends.</summary>
/// <param name="changes">Whether silence leaves open that it was done.</param>
internal sealed class RelayActor(IActorRef client, IActorRef dependency, object question, bool changes) : Actor
{
    /// <summary>Shorter than a client's patience, so that it is told what is known.</summary>
    private static readonly TimeSpan Patience = ModeHost.Patience / 2;

    protected override void PreStart()
    {
        dependency.Tell(question, Self);
        Context.SetReceiveTimeout(Patience);
    }

    protected override void Receive(object message)
    {
        switch (message)
        {
            case HealthIs health:
                End(ModeAnswer.Ok(health, CircuitBreakerJson.Default.HealthIs));
                break;
            case ReceivedPage page:
                End(ModeAnswer.Ok(page, CircuitBreakerJson.Default.ReceivedPage));
                break;
            case ReceiveTimeout:
                End(ModeAnswer.Failed(new ClusterError(
                    changes ? ErrorCode.OutcomeUnknown : ErrorCode.Unavailable,
                    FormattableString.Invariant($"the dependency itself has not answered within {Patience.TotalSeconds:0.#} s: its node is down, stopped or cut off"))));
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void End(ModeAnswer answer)
    {
        client.Tell(answer, Self);
        Context.Stop(Self);
    }
}
