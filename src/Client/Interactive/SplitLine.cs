using System.Text;

namespace Cluster.Client.Interactive;

/// <summary>A line as words, with a shell's quotes: <c>'as it is'</c>, <c>"with \" and \\"</c>, and a backslash before one character. No variables, no globs.</summary>
/// <param name="Words">The words; the last one may be unfinished.</param>
/// <param name="LastBegins">Where the last word begins in the line; the line's length when it ends between words.</param>
/// <param name="IsOpen">Whether a quote is open at the end.</param>
internal sealed record SplitLine(IReadOnlyList<string> Words, int LastBegins, bool IsOpen)
{
    /// <summary>The words that are finished: all but the one that the line ends in.</summary>
    public IReadOnlyList<string> Finished => EndsInWord ? [.. Words.Take(Words.Count - 1)] : Words;

    /// <summary>The word that the line ends in, as far as it has been written.</summary>
    public string Last => EndsInWord ? Words[^1] : "";

    private bool EndsInWord { get; init; }

    public static SplitLine Of(string line)
    {
        var words = new List<string>();
        StringBuilder? word = null;
        char? quote = null;
        var begins = line.Length;
        for (var at = 0; at < line.Length; at++)
        {
            var letter = line[at];
            if (quote is null && char.IsWhiteSpace(letter))
            {
                if (word is not null)
                {
                    words.Add(word.ToString());
                    word = null;
                }

                continue;
            }

            if (word is null)
            {
                (word, begins) = (new StringBuilder(), at);
            }

            if (letter == quote)
            {
                quote = null;
            }
            else if (quote is null && letter is '\'' or '"')
            {
                quote = letter;
            }
            else if (letter == '\\' && quote != '\'' && at + 1 < line.Length && (quote is null || line[at + 1] is '"' or '\\'))
            {
                word.Append(line[++at]);
            }
            else
            {
                word.Append(letter);
            }
        }

        if (word is not null)
        {
            words.Add(word.ToString());
        }

        return new SplitLine(words, word is null ? line.Length : begins, quote is not null) { EndsInWord = word is not null };
    }

    /// <summary>A word as it has to be written to be read as one.</summary>
    public static string Quote(string word) =>
        word.Length > 0 && word.All(letter => char.IsLetterOrDigit(letter) || "-_.,:/=@%+~".Contains(letter, StringComparison.Ordinal)) ? word : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
