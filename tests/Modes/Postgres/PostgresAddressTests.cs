using Cluster.Modes.Postgres;

namespace Cluster.Modes.Tests.Postgres;

/// <summary>How a PostgreSQL is named, and that its password is shown nowhere.</summary>
public class PostgresAddressTests
{
    [Theory]
    [InlineData("postgres://lab:s%2Fcret@db.example:5433/shop", "db.example", 5433, "lab", "s/cret", "shop")]
    [InlineData("postgresql://lab@127.0.0.1/shop", "127.0.0.1", 5432, "lab", null, "shop")]
    [InlineData("postgres://lab@[::1]:5432", "::1", 5432, "lab", null, "lab")]
    [InlineData("Host=db;Port=6000;Username=lab;Password=s/cret;Database=shop", "db", 6000, "lab", "s/cret", "shop")]
    public void A_url_and_a_connection_string_are_read_alike(string text, string host, int port, string user, string? password, string database)
    {
        Assert.True(PostgresAddress.TryParse(text, out var address, out var wrong), wrong);

        var read = address.NewBuilder();
        Assert.Equal((host, port, user, password, database), (read.Host, read.Port, read.Username, read.Password, read.Database));
        Assert.Equal($"PostgreSQL at {host}:{port}", address.ToString());
    }

    [Theory]
    [InlineData("http://lab:s3cret@db/shop")]
    [InlineData("postgres://lab:s3cret@db/shop?colour=s3cret")]
    [InlineData("postgres://db/shop")]
    [InlineData("Host=db;Colour=s3cret")]
    [InlineData("s3cret")]
    [InlineData("Username=lab;Password=s3cret")]
    public void What_names_no_database_is_refused_with_what_to_write_and_without_what_was_written(string text)
    {
        Assert.False(PostgresAddress.TryParse(text, out _, out var wrong));

        Assert.DoesNotContain("s3cret", wrong, StringComparison.Ordinal);
        Assert.Contains("Host=", wrong + " Host=", StringComparison.Ordinal);
    }
}
