using Cluster.Node.Options;

namespace Cluster.Node.Hosting;

/// <summary>How the process ends: in good order with code 0, or because the engine said that it must not go on.</summary>
internal sealed class ProcessEnd
{
    /// <summary>Set once the host is built.</summary>
    public IHostApplicationLifetime? Lifetime { get; set; }

    /// <summary>Set when the process was told to end, and is about to.</summary>
    public bool IsStopping { get; set; }

    public int Code { get; private set; } = ExitCode.Ok;

    /// <summary>The engine cannot go on: say why and stop.</summary>
    public void Because(string why, ILogger logger)
    {
        logger.LogCritical("stopping: {Why}", why);
        Code = ExitCode.CannotGoOn;
        Lifetime?.StopApplication();
    }
}
