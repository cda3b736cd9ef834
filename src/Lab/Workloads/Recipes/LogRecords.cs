using System.Text.Json;

namespace Cluster.Lab.Workloads.Recipes;

/// <summary>The records that a poll saw, as the history tells them: [[offset, value], ...].</summary>
internal static class LogRecords
{
    /// <summary>The offset of the last one; null when there are none.</summary>
    public static long? Last(string? polled)
    {
        if (polled is null)
        {
            return null;
        }

        using var document = JsonDocument.Parse(polled);
        return document.RootElement.GetArrayLength() is var count and > 0 ? document.RootElement[count - 1][0].GetInt64() : null;
    }
}
