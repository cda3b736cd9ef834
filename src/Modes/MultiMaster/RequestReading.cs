using Cluster.Modes.Hosting;
using Cluster.Modes.Storage;
using Op = Cluster.Modes.MultiMaster.MultiMasterOperations;

namespace Cluster.Modes.MultiMaster;

/// <summary>Carries a client's write out on the core: from the arguments of the request to the core's own words.</summary>
internal static class RequestReading
{
    public static MasterMove Write(MultiMasterCore core, ModeRequest request, long wallMs)
    {
        if (!TryReadToken(request, out var token) || !TryReadContext(request, out var context))
        {
            return MasterMove.Bad("token and context are what an answer of this mode told as token and version, unchanged");
        }

        var key = request.Text(StorageOperations.Key);
        var type = MultiMasterCore.TypeOf(request.Find(Op.Type));
        return request.Operation switch
        {
            StorageOperations.Put => core.Put(key, type, request.Text(StorageOperations.Value), context, token, wallMs),
            StorageOperations.Delete => core.Delete(key, type, token, wallMs),
            Op.Increment => core.Increment(key, request.Number(Op.By), wallMs),
            Op.Add => core.Add(ObjectType.Set, key, request.Text(Op.Member), null, null, wallMs),
            Op.Remove => core.Remove(ObjectType.Set, key, request.Text(Op.Member), null, wallMs),
            Op.SetField => core.Add(ObjectType.Map, key, request.Text(Op.Field), request.Text(StorageOperations.Value), token, wallMs),
            Op.RemoveField => core.Remove(ObjectType.Map, key, request.Text(Op.Field), token, wallMs),
            _ => MasterMove.Bad($"{request.Operation} is no write of this mode"),
        };
    }

    public static bool TryReadToken(ModeRequest request, out HybridTimestamp? token)
    {
        var text = request.Find(StorageOperations.Token);
        token = text is null ? null : HybridTimestamp.TryParse(text);
        return text is null || token is not null;
    }

    private static bool TryReadContext(ModeRequest request, out VersionVector? context)
    {
        var text = request.Find(Op.Context);
        context = text is null ? null : VersionVector.TryParse(text);
        return text is null || context is not null;
    }
}
