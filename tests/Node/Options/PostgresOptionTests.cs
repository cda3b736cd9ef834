using Cluster.Node.Options;

namespace Cluster.Node.Tests.Options;

/// <summary>How a node is told of a PostgreSQL; what it was told appears in no message.</summary>
public sealed class PostgresOptionTests
{
    [Fact]
    public void It_comes_by_option_by_environment_or_from_a_file_and_is_shown_without_its_password()
    {
        var file = Path.GetTempFileName();
        File.WriteAllText(file, "postgres://lab:s3cret@host3:5433/db\n");
        foreach (var (arguments, variable) in new (string[], string?)[] { (["--postgres", "postgres://lab:s3cret@host3:5433/db"], null), ([], "postgres://lab:s3cret@host3:5433/db"), (["--postgres-file", file, "--postgres-pool", "3"], null) })
        {
            var outcome = Parse(arguments, variable);

            Assert.True(outcome.CanStart, string.Join("\n", outcome.Lines));
            Assert.Equal("PostgreSQL at host3:5433", outcome.Options.Postgres!.ToString());
            Assert.DoesNotContain("s3cret", outcome.Options.ToString(), StringComparison.Ordinal);
            Assert.Equal(arguments.Length > 2 ? 3 : 8, outcome.Options.PostgresPool);
        }

        File.Delete(file);
    }

    [Theory]
    [InlineData("--postgres", "http://lab:s3cret@host/db")]
    [InlineData("--postgres", "Host=h;Username=lab;Pasword=s3cret")]
    public void A_mistake_in_it_is_told_without_it(string option, string value)
    {
        foreach (var outcome in new[] { Parse([option, value], null), Parse([], value) })
        {
            var line = Assert.Single(outcome.Lines);
            Assert.Contains("postgres://USER:PASSWORD@HOST:5432/DATABASE", line, StringComparison.Ordinal);
            Assert.DoesNotContain("s3cret", line, StringComparison.Ordinal);
        }
    }

    private static OptionsOutcome Parse(string[] arguments, string? variable) =>
        NodeOptionsParser.Parse(["--seeds", "127.0.0.1:4053", .. arguments], name => name == "CLUSTER_POSTGRES" ? variable : null);
}
