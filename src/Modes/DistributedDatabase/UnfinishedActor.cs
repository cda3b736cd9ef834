using System.Text.Json;
using Cluster.Engine.Port;
using Cluster.Modes.DistributedDatabase.Ranges;
using Cluster.Modes.DistributedDatabase.Transactions;
using Cluster.Modes.Hosting;
using Cluster.Modes.Storage;

namespace Cluster.Modes.DistributedDatabase;

/// <summary>Gathers the records of all ranges.</summary>
internal sealed class UnfinishedActor(IShardRegion ranges, IActorRef client) : Actor
{
    /// <summary>Records of one range.</summary>
    private const int MostListed = 100;

    private readonly List<(int Range, TransactionRecord Record)> found = [];
    private int left = Keyspace.Ranges;

    protected override void PreStart()
    {
        Context.SetReceiveTimeout(OpenRequests.Patience);
        for (var range = 0; range < Keyspace.Ranges; range++)
        {
            ranges.Tell(new ToEntity(Keyspace.IdOf(range), new ListRecords(MostListed)), Self);
        }
    }

    protected override void Receive(object message)
    {
        switch (message)
        {
            case Stalled listed:
                found.AddRange(listed.Records.Select(record => (listed.Range, record)));
                if (--left == 0)
                {
                    End(ModeAnswer.Ok(
                        new UnfinishedView([.. found.OrderBy(one => one.Record.Start).Select(one => new UnfinishedRow(
                            one.Record.Id, JsonNamingPolicy.KebabCaseLower.ConvertName(one.Record.Status.ToString()), Keyspace.IdOf(one.Range), [.. one.Record.Ranges.Select(Keyspace.IdOf)], one.Record.Why))]),
                        DatabaseJson.Default.UnfinishedView));
                }

                break;
            case ReceiveTimeout:
                End(ModeAnswer.Unavailable($"{left} ranges have not answered within {OpenRequests.Patience.TotalSeconds:0.#} s"));
                break;
            default:
                End(ModeAnswer.Of(message));
                break;
        }
    }

    private void End(ModeAnswer answer)
    {
        client.Tell(answer, Self);
        Context.Stop(Self);
    }
}
