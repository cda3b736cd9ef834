using Cluster.Client.Interactive;

namespace Cluster.Cluster.Tests.Interactive;

/// <summary>Keys make a line as in any shell, and no key breaks it.</summary>
public class LineEditorTests
{
    private readonly LineHistory history = new();

    [Theory]
    [InlineData("kill n1", "kill n1", 7)]
    [InlineData("kill n1^A^D^D", "ll n1", 0)]
    [InlineData("kill n1^B^B^Bx", "killx n1", 5)]
    [InlineData("kill n1^W", "kill ", 5)]
    [InlineData("kill n1^U", "", 0)]
    [InlineData("kill n1^A^F^K", "k", 1)]
    [InlineData("kill n1^W^A^Y", "n1kill ", 2)]
    [InlineData("kill  n1^W^Hx", "kill x", 6)]
    [InlineData("漢字😀^H^H", "漢", 1)]
    [InlineData("a😀b^B^B^D", "ab", 1)]
    public void Keys_make_a_line(string keys, string text, int cursor)
    {
        var editor = new LineEditor(history);
        Type(editor, keys);

        Assert.Equal((text, cursor), (editor.Text, editor.Cursor));
    }

    [Fact]
    public void Up_and_down_go_through_the_history_and_come_back_to_what_was_typed()
    {
        history.Add("status");
        history.Add("kill n1");
        var editor = new LineEditor(history);
        Type(editor, "he");

        Assert.Equal(["kill n1", "status", "status", "kill n1", "he", "he"], "^P^P^P^N^N^N".Split('^', StringSplitOptions.RemoveEmptyEntries).Select(key => Typed(editor, "^" + key)));
    }

    [Fact]
    public void A_search_shows_the_newest_line_that_fits_then_older_ones_and_can_be_given_up()
    {
        history.Add("lock show name=a");
        history.Add("status");
        history.Add("lock show name=b");
        var editor = new LineEditor(history);
        Type(editor, "draft");

        Assert.Equal(("lock show name=b", "lock"), (Typed(editor, "^Rlock"), editor.Searched));
        Assert.Equal("lock show name=a", Typed(editor, "^R"));
        Assert.Equal("lock show name=a", Typed(editor, "^R"));
        Assert.Equal(("draft", null), (Typed(editor, "^G"), editor.Searched));
        Assert.Equal("status", Typed(editor, "^Rstat^E"));
        Assert.Equal("lock show name=a", Typed(editor, "^P"));
    }

    [Theory]
    [InlineData("^C", EditStep.Abandoned)]
    [InlineData("^D", EditStep.Ended)]
    [InlineData("x^D", EditStep.Ignored)]
    [InlineData("^L", EditStep.Clears)]
    [InlineData("^B", EditStep.Ignored)]
    [InlineData("^Q", EditStep.Ignored)]
    internal void A_key_says_what_is_to_be_done(string keys, EditStep step) => Assert.Equal(step, Type(new LineEditor(history), keys));

    [Fact]
    public void Whatever_is_pressed_the_cursor_stays_in_the_line()
    {
        var random = new Random(5);
        history.Add("one line");
        var editor = new LineEditor(history);
        for (var pressed = 0; pressed < 20_000; pressed++)
        {
            var letter = "abcdefghijklmnopqrstuvwxyz 漢é"[random.Next(29)];
            editor.Press(random.Next(2) == 0 && char.IsAsciiLetter(letter) ? Control(char.ToUpperInvariant(letter)) : Plain(letter));
            Assert.InRange(editor.Cursor, 0, editor.Text.Length);
            Assert.InRange(editor.Text.Length, 0, LineEditor.MostCharacters);
        }
    }

    [Fact]
    public void A_history_is_bounded_and_keeps_no_repetition_and_nothing_that_begins_with_a_space()
    {
        for (var line = 0; line < LineHistory.MostLines + 5; line++)
        {
            Assert.True(history.Add($"line {line}"));
        }

        Assert.False(history.Add($"line {LineHistory.MostLines + 4}"));
        Assert.False(history.Add(" secret"));
        Assert.False(history.Add("  "));
        Assert.Equal((LineHistory.MostLines, "line 5"), (history.Lines.Count, history.Lines[0]));
    }

    private static string Typed(LineEditor editor, string keys)
    {
        Type(editor, keys);
        return editor.Text;
    }

    /// <summary><c>^A</c> is Ctrl-A.</summary>
    private static EditStep Type(LineEditor editor, string keys)
    {
        var step = EditStep.Ignored;
        for (var at = 0; at < keys.Length; at++)
        {
            step = editor.Press(keys[at] == '^' ? Control(keys[++at]) : Plain(keys[at]));
        }

        return step;
    }

    private static ConsoleKeyInfo Control(char letter) => new((char)(letter - 'A' + 1), Enum.Parse<ConsoleKey>(letter.ToString()), shift: false, alt: false, control: true);

    private static ConsoleKeyInfo Plain(char letter) => new(letter, 0, shift: false, alt: false, control: false);
}
