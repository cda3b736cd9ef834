using Cluster.Client.Interactive;

namespace Cluster.Cluster.Tests.Interactive;

/// <summary>A line takes one row of the terminal, however long it is, and the cursor stands where the next letter goes.</summary>
public class PromptLineTests
{
    [Theory]
    [InlineData("kill n1", 7, "", "\r> kill n1\e[K\r\e[9C")]
    [InlineData("kill", 2, "", "\r> kill\e[K\r\e[4C")]
    [InlineData("kill", 4, " NODE", "\r> kill NODE\e[K\r\e[6C")]
    [InlineData("0123456789abcdefgh", 18, " NODE", "\r> 123456789abcdefgh\e[K\r\e[19C")]
    [InlineData("0123456789abcdefgh", 0, "", "\r> 0123456789abcdefg\e[K\r\e[2C")]
    [InlineData("漢字漢字漢字漢字漢字", 10, "", "\r> 漢字漢字漢字漢字\e[K\r\e[18C")]
    public void It_fits_and_the_cursor_is_in_it(string text, int cursor, string hint, string drawn) => Assert.Equal(drawn, new PromptLine(20, HasColours: false).Draw("> ", text, cursor, hint));

    [Fact]
    public void Hints_are_dim_and_prompts_bold_where_there_are_colours() =>
        Assert.Equal("\r\e[1m> \e[0mkill\e[2m NODE\e[0m\e[K\r\e[6C", new PromptLine(20, HasColours: true).Draw("> ", "kill", 4, " NODE"));
}
