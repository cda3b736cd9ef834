using System.Text;
using Cluster.Modes.Hosting;
using Cluster.Shared.Results;

namespace Cluster.Node.Tests.Support;

/// <summary>Modes that answer every request with its own words, or as a test says.</summary>
internal sealed class FakeModes : IModeDoors
{
    public ClusterError? Refusal { get; set; }

    public Task<ModeAnswer> AskAsync(string mode, ModeRequest request, bool isRead, TimeSpan patience, CancellationToken cancellation) =>
        Task.FromResult(Refusal is { } refusal ? ModeAnswer.Failed(refusal) : new ModeAnswer(Encoding.UTF8.GetBytes($"\"{mode}: {request}\""), null));
}
