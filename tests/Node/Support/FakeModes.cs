using System.Text;
using Cluster.Modes.Hosting;

namespace Cluster.Node.Tests.Support;

/// <summary>Modes that answer every request with its own words.</summary>
internal sealed class FakeModes : IModeDoors
{
    public Task<ModeAnswer> AskAsync(string mode, ModeRequest request, bool isRead, TimeSpan patience, CancellationToken cancellation) =>
        Task.FromResult(new ModeAnswer(Encoding.UTF8.GetBytes($"\"{mode}: {request}\""), null));
}
