using Cluster.Lab.Databases;

namespace Cluster.Lab.Tests.Databases;

/// <summary>What is shown of a database's address has no password in it, however it was written.</summary>
public class DatabaseUrlTests
{
    [Theory]
    [InlineData("postgres://lab:s3cret@db:5433/shop?sslmode=require", "postgres://lab@db:5433/shop")]
    [InlineData("postgresql://lab@db/shop", "postgresql://lab@db/shop")]
    [InlineData("Host=db;Port=5433;Username=lab;Password=s3cret;Database=shop", "Host=db;Port=5433;Username=lab;Database=shop")]
    [InlineData("Server=db;Pwd=s3cret;Passfile=s3cret", "Server=db")]
    public void A_password_is_left_out(string text, string shown) => Assert.Equal(shown, DatabaseUrl.WithoutPassword(text));
}
