using System.Globalization;
using System.Text;

namespace Cluster.Lab.Histories.Foreign;

/// <summary>
/// Reads EDN (the extensible data notation of Clojure) as far as recorded histories need it. Values come out as: null, bool, long, double, string, <see cref="EdnName"/>
/// for keywords and symbols, lists for vectors, lists and sets, dictionaries for maps. A tag is left out, its value stays. Bounded in depth.
/// </summary>
internal sealed class EdnReader(string text)
{
    private const int MaxDepth = 64;
    private const string Ends = " \t\r\n,()[]{}\";";

    private int at;

    /// <summary>The line, from 1, at which reading goes on.</summary>
    public int Line { get; private set; } = 1;

    /// <summary>Whether another value follows.</summary>
    public bool MoveToNext()
    {
        SkipBlanks();
        return at < text.Length;
    }

    /// <exception cref="FormatException">What stands here is no value; the message names the line.</exception>
    public object? Read(int depth = 0)
    {
        if (depth > MaxDepth)
        {
            throw Wrong($"it is nested deeper than {MaxDepth}");
        }

        if (!MoveToNext())
        {
            throw Wrong("it ends in the middle of a value");
        }

        switch (text[at])
        {
            case '{':
                return ReadMap(depth);
            case '[':
                return ReadMany(']', depth);
            case '(':
                return ReadMany(')', depth);
            case '"':
                return ReadText();
            case '#':
                return ReadTagged(depth);
            case ':':
                at++;
                return new EdnName(Token());
            default:
                return Plain(Token());
        }
    }

    private object? ReadTagged(int depth)
    {
        at++;
        if (at < text.Length && text[at] == '{')
        {
            return ReadMany('}', depth);
        }

        if (at < text.Length && text[at] == '_')
        {
            at++;
            _ = Read(depth + 1);
            return Read(depth + 1);
        }

        _ = Token();
        return Read(depth + 1);
    }

    private Dictionary<object, object?> ReadMap(int depth)
    {
        var many = ReadMany('}', depth);
        if (many.Count % 2 != 0)
        {
            throw Wrong("a map has a key without a value");
        }

        var map = new Dictionary<object, object?>();
        for (var i = 0; i < many.Count; i += 2)
        {
            map[many[i] ?? "nil"] = many[i + 1];
        }

        return map;
    }

    private List<object?> ReadMany(char end, int depth)
    {
        at++;
        var many = new List<object?>();
        while (true)
        {
            if (!MoveToNext())
            {
                throw Wrong($"it ends before a '{end}'");
            }

            if (text[at] == end)
            {
                at++;
                return many;
            }

            if (text[at] is ']' or ')' or '}')
            {
                throw Wrong($"a '{text[at]}' stands where '{end}' should");
            }

            many.Add(Read(depth + 1));
        }
    }

    private string ReadText()
    {
        var read = new StringBuilder();
        for (at++; at < text.Length; at++)
        {
            switch (text[at])
            {
                case '"':
                    at++;
                    return read.ToString();
                case '\\' when at + 1 < text.Length:
                    at++;
                    read.Append(text[at] switch { 'n' => '\n', 't' => '\t', 'r' => '\r', var other => other });
                    break;
                case var other:
                    Line += other == '\n' ? 1 : 0;
                    read.Append(other);
                    break;
            }
        }

        throw Wrong("it ends within a text");
    }

    private object? Plain(string token) => token switch
    {
        "nil" => null,
        "true" => true,
        "false" => false,
        _ when long.TryParse(token.TrimEnd('N'), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) => whole,
        _ when double.TryParse(token.TrimEnd('M'), NumberStyles.Float, CultureInfo.InvariantCulture, out var real) && double.IsFinite(real) => real,
        _ => new EdnName(token),
    };

    private string Token()
    {
        var start = at;
        while (at < text.Length && !Ends.Contains(text[at], StringComparison.Ordinal))
        {
            at++;
        }

        return at > start ? text[start..at] : throw Wrong($"a '{(at < text.Length ? text[at] : ' ')}' stands where a value should");
    }

    private void SkipBlanks()
    {
        while (at < text.Length && (char.IsWhiteSpace(text[at]) || text[at] is ',' or ';'))
        {
            if (text[at] == ';')
            {
                at = text.IndexOf('\n', at) is var end and >= 0 ? end : text.Length;
                continue;
            }

            Line += text[at] == '\n' ? 1 : 0;
            at++;
        }
    }

    private FormatException Wrong(string what) => new($"line {Line.ToString(CultureInfo.InvariantCulture)} is no EDN: {what}");
}
