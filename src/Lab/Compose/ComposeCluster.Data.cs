using System.Globalization;
using System.Text;

namespace Cluster.Lab.Compose;

/// <content>A container's volume and its log, neither of which this console can read as files.</content>
public sealed partial class ComposeCluster
{
    /// <summary>The data directory of the image.</summary>
    private const string DataDirectory = "/data";

    /// <summary>Log lines of several processes come as frames: a byte for the stream, three of nothing, four for the length.</summary>
    private const int FrameHeader = 8;

    /// <summary>A volume outlives its container and belongs to no process: another container of the same image, under the same user, empties it.</summary>
    public override async Task DeleteDataAsync(string name, CancellationToken cancellation)
    {
        var node = Of(name);
        var order = new ContainerOrder(
            node.Image,
            ["find", DataDirectory, "-mindepth", "1", "-delete"],
            new Dictionary<string, string> { [ComposeProject.Label] = project },
            new ContainerOrderHost([node.Id], "none"));
        var made = await engine.PostAsync("/containers/create", order, DockerJson.Default.ContainerOrder, DockerJson.Default.ContainerCreated, cancellation).ConfigureAwait(false);
        try
        {
            await engine.PostAsync($"/containers/{made.Id}/start", cancellation).ConfigureAwait(false);
            var end = await engine.PostAsync($"/containers/{made.Id}/wait", DockerJson.Default.ContainerEnd, cancellation).ConfigureAwait(false);
            if (end.StatusCode != 0)
            {
                throw new LabException($"the data of {name} ({Describe(name)}) could not be deleted: code {end.StatusCode}");
            }
        }
        finally
        {
            await engine.DeleteAsync($"/containers/{made.Id}?force=true", CancellationToken.None).ConfigureAwait(false);
        }
    }

    public override async Task<IReadOnlyList<string>> LastLogLinesAsync(string name, int count, CancellationToken cancellation)
    {
        var path = string.Create(CultureInfo.InvariantCulture, $"/containers/{Of(name).Id}/logs?stdout=true&stderr=true&tail={count}");
        return Lines(await engine.GetBytesAsync(path, cancellation).ConfigureAwait(false));
    }

    private static List<string> Lines(ReadOnlySpan<byte> frames)
    {
        var text = new StringBuilder();
        while (frames.Length >= FrameHeader)
        {
            var length = Math.Min(System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(frames[4..]), frames.Length - FrameHeader);
            text.Append(Encoding.UTF8.GetString(frames.Slice(FrameHeader, length)));
            frames = frames[(FrameHeader + length)..];
        }

        return [.. text.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries)];
    }
}
