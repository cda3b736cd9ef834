using Cluster.Modes;
using Cluster.Modes.Hosting;

namespace Cluster.Node.Resp.Databases;

/// <summary>The databases besides 0: one for each storage mode among the modes.</summary>
internal sealed class ModeDatabases(IReadOnlyList<Mode> modes, IModeDoors doors)
{
    private readonly Dictionary<int, ModeDatabase> byNumber = modes.Where(mode => mode.Storage is not null).Select(mode => new ModeDatabase(mode, doors)).ToDictionary(database => database.Number);

    /// <summary>Null where no mode has the number.</summary>
    public ModeDatabase? Find(long number) => number is > 0 and <= int.MaxValue ? byNumber.GetValueOrDefault((int)number) : null;
}
