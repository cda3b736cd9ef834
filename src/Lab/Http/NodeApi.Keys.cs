using System.Globalization;
using System.Net;
using Cluster.Shared.Http;

namespace Cluster.Lab.Http;

/// <summary>The engine's own store, over <c>/kv</c>.</summary>
public sealed partial class NodeApi
{
    /// <summary>A key's value as text, and its revision; both null where there is none.</summary>
    /// <param name="consistency">linearizable, lease or stale; null for the node's usual.</param>
    public async Task<(string? Value, string? Version)> ReadKeyAsync(string key, string? consistency, CancellationToken cancellation)
    {
        using var response = await http.GetAsync($"/kv/{Uri.EscapeDataString(key)}{(consistency is null ? "" : $"?consistency={Uri.EscapeDataString(consistency)}")}", cancellation).ConfigureAwait(false);
        if (response.StatusCode == HttpStatusCode.NotFound)
        {
            return (null, null);
        }

        await ThrowIfRefusedAsync(response, cancellation).ConfigureAwait(false);
        return (await response.Content.ReadAsStringAsync(cancellation).ConfigureAwait(false), Version(response));
    }

    /// <summary>Writes a key.</summary>
    /// <returns>Its revision.</returns>
    public async Task<string?> WriteKeyAsync(string key, string value, CancellationToken cancellation)
    {
        using var content = new StringContent(value);
        using var response = await http.PutAsync($"/kv/{Uri.EscapeDataString(key)}", content, cancellation).ConfigureAwait(false);
        await ThrowIfRefusedAsync(response, cancellation).ConfigureAwait(false);
        return Version(response);
    }

    /// <summary>Takes a key away; false if there was none.</summary>
    public async Task<bool> DeleteKeyAsync(string key, CancellationToken cancellation)
    {
        using var response = await http.DeleteAsync($"/kv/{Uri.EscapeDataString(key)}", cancellation).ConfigureAwait(false);
        if (response.StatusCode == HttpStatusCode.NotFound)
        {
            return false;
        }

        await ThrowIfRefusedAsync(response, cancellation).ConfigureAwait(false);
        return true;
    }

    /// <summary>A page of keys in byte order.</summary>
    public async Task<ScanView> ScanKeysAsync(string prefix, string? after, int limit, string? consistency, CancellationToken cancellation)
    {
        var query = string.Create(CultureInfo.InvariantCulture, $"/kv?limit={limit}&prefix={Uri.EscapeDataString(prefix)}");
        query += after is null ? "" : $"&after={Uri.EscapeDataString(after)}";
        query += consistency is null ? "" : $"&consistency={Uri.EscapeDataString(consistency)}";
        return await GetAsync(query, WireJson.Default.ScanView, cancellation).ConfigureAwait(false);
    }

    private static string? Version(HttpResponseMessage response) => response.Headers.ETag?.Tag.Trim('"');
}
