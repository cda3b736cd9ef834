using System.Net;
using Cluster.Lab.Http;

namespace Cluster.Lab.Workloads.Sessions;

/// <content>A mode's operations, over HTTP: the status says what may be concluded.</content>
internal sealed partial class NodeSession
{
    public async Task<StoreAnswer> CallAsync(ModeCall call)
    {
        try
        {
            return StoreAnswer.Ok(await Api().CallModeAsync(call, CancellationToken.None).ConfigureAwait(false));
        }
        catch (NodeRefusedException e)
        {
            return e.Status switch
            {
                HttpStatusCode.Conflict or HttpStatusCode.NotFound => StoreAnswer.Conflict,
                HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests or HttpStatusCode.BadRequest => StoreAnswer.Fail,
                _ => Lost(call),
            };
        }
        catch (Exception e) when (NodeApi.IsNoAnswer(e))
        {
            MoveOn();
            return Lost(call);
        }
    }

    private static StoreAnswer Lost(ModeCall call) => call.IsRead ? StoreAnswer.Fail : StoreAnswer.Info;
}
