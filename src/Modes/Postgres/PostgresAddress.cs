using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Npgsql;

namespace Cluster.Modes.Postgres;

/// <summary>
/// Where a PostgreSQL is and how one gets in, from a <c>postgres://</c> URL or an Npgsql connection string. What it is shown as has neither user nor password.
/// </summary>
public sealed class PostgresAddress
{
    private const int UsualPort = 5432;

    private readonly string connection;

    private PostgresAddress(NpgsqlConnectionStringBuilder read)
    {
        connection = read.ConnectionString;
        (Host, Port) = (read.Host!, read.Port);
    }

    public string Host { get; }

    public int Port { get; }

    /// <summary>What was given, to be completed with pool and timeouts.</summary>
    internal NpgsqlConnectionStringBuilder NewBuilder() => new(connection);

    /// <param name="wrong">What is wrong with it, without repeating it: it may hold a password.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out PostgresAddress? address, [NotNullWhen(false)] out string? wrong)
    {
        ArgumentNullException.ThrowIfNull(text);
        address = null;
        wrong = null;
        var read = text.Contains("://", StringComparison.Ordinal) ? FromUrl(text, out wrong) : FromPairs(text, out wrong);
        if (read is null)
        {
            wrong ??= "it cannot be read";
            return false;
        }

        if (string.IsNullOrEmpty(read.Host) || string.IsNullOrEmpty(read.Username))
        {
            wrong = "it names no host, or no user: write postgres://USER:PASSWORD@HOST:5432/DATABASE";
            return false;
        }

        address = new PostgresAddress(read);
        return true;
    }

    /// <summary>For people and logs: host and port.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"PostgreSQL at {Host}:{Port}");

    private static NpgsqlConnectionStringBuilder? FromUrl(string text, out string? wrong)
    {
        wrong = null;
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme is not ("postgres" or "postgresql"))
        {
            wrong = "not a URL of a PostgreSQL: write postgres://USER:PASSWORD@HOST:5432/DATABASE";
            return null;
        }

        var user = url.UserInfo.Split(':', 2);
        var read = new NpgsqlConnectionStringBuilder
        {
            Host = url.Host.Trim('[', ']'),
            Port = url.Port > 0 ? url.Port : UsualPort,
            Username = Uri.UnescapeDataString(user[0]),
            Database = url.AbsolutePath.Length > 1 ? Uri.UnescapeDataString(url.AbsolutePath[1..]) : Uri.UnescapeDataString(user[0]),
        };
        if (user.Length > 1)
        {
            read.Password = Uri.UnescapeDataString(user[1]);
        }

        foreach (var setting in url.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            if (setting.Split('=', 2) is not ["sslmode", var mode] || !Enum.TryParse<SslMode>(mode.Replace("-", "", StringComparison.Ordinal), ignoreCase: true, out var known))
            {
                wrong = "of settings behind the '?', only sslmode=disable, prefer, require, verify-ca or verify-full is understood; others need the form Host=...;Username=...";
                return null;
            }

            read.SslMode = known;
        }

        return read;
    }

    private static NpgsqlConnectionStringBuilder? FromPairs(string text, out string? wrong)
    {
        try
        {
            wrong = null;
            return new NpgsqlConnectionStringBuilder(text);
        }
        catch (Exception e) when (e is ArgumentException or FormatException or KeyNotFoundException)
        {
            wrong = "neither a URL (postgres://USER:PASSWORD@HOST:5432/DATABASE) nor a connection string (Host=...;Username=...;Password=...;Database=...)";
            return null;
        }
    }
}
