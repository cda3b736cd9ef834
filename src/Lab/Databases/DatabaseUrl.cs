namespace Cluster.Lab.Databases;

/// <summary>An address of a database as it may be shown and written down: without its password.</summary>
public static class DatabaseUrl
{
    /// <param name="text">A <c>postgres://</c> URL or a connection string.</param>
    public static string WithoutPassword(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "postgres" or "postgresql")
        {
            return new UriBuilder(url!) { Password = "", Query = "" }.Uri.ToString();
        }

        // Only what is known to be no secret.
        var shown = text.Split(';').Where(part => part.Split('=')[0].Trim().ToUpperInvariant() is "HOST" or "SERVER" or "PORT" or "DATABASE" or "USERNAME" or "USER ID");
        return string.Join(';', shown);
    }
}
