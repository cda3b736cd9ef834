using System.Text;
using Cluster.Lab.Checkers;
using Cluster.Lab.Histories;

namespace Cluster.Lab.Tests.Histories;

/// <summary>What may stand in a file that somebody else wrote: it is read, or refused with its place; it gets no verdict by mistake, and nothing else is thrown.</summary>
public sealed class HostileHistoryTests
{
    private const string Ours = """
        {"process":3,"op":"cas","key":"k1","input":["a",2],"call":123,"return":456,"outcome":"ok","output":true}
        {"fault":"kill","target":"n2","at":789}
        {"process":4,"op":"read","key":"k1","input":[],"call":500,"return":600,"outcome":"ok","output":["x",{"y":1.5}],"node":"n1"}
        {"process":5,"op":"write","key":"k1","input":["\u00e9"],"call":700,"return":800,"outcome":"info","output":null}
        """;

    private const string Edn = """
        {:type :invoke, :f :txn, :value [[:append 8 1] [:r 9 nil]], :process 0, :time 1}
        {:type :info, :f :start-partition, :value {"n1" #{1 2.5 "a\n"}}, :process :nemesis, :time 2}
        #jepsen.history.Op{:type :ok, :f :txn, :value [[:append 8 1] [:r 9 [1 2]]], :process 0, :time 9} ; done
        """;

    private const string Porcupine = """
        [{"ClientId": 0, "Input": {"op": 1, "key": "x", "value": "y"}, "Call": 0, "Output": {"value": ""}, "Return": 10},
         {"ClientId": 1, "Input": {"op": "cas", "key": "x", "old": "y", "new": "z"}, "Call": 13, "Output": {"ok": true}, "Return": 14}]
        """;

    [Theory]
    [InlineData("""{"process":1,"op":"read","key":"k","call":5,"return":3,"outcome":"ok"}""", "line 1")]
    [InlineData("""{"process":1,"op":"read","key":"k","call":5,"return":3,"outcome":"fail"}""", "line 1")]
    [InlineData("""{"process":1,"op":"read","key":"k","call":-5,"return":3,"outcome":"ok"}""", "line 1")]
    [InlineData("""{"process":1,"op":"read","key":"k","call":99999999999999999999,"return":3,"outcome":"ok"}""", "line 1")]
    [InlineData("""{"process":99999999999,"op":"read","key":"k","call":1,"return":3,"outcome":"ok"}""", "line 1")]
    [InlineData("""{"process":1.5,"op":"read","key":"k","call":1,"return":3,"outcome":"ok"}""", "line 1")]
    [InlineData("""{"process":1,"op":null,"key":"k","call":1,"return":3,"outcome":"ok"}""", "line 1")]
    [InlineData("""{"process":1,"op":"read","key":"k","call":1,"return":3,"outcome":"perhaps"}""", "line 1")]
    [InlineData("""{"process":1,"op":"read","key":"\ud800","call":1,"return":3,"outcome":"ok"}""", "line 1")]
    [InlineData("""{"process":1,"op":"read","key":"k","call":1,"return":3,"outcome":"ok"}{}""", "line 1")]
    [InlineData("\n\n{\"process\":1,", "line 3")]
    [InlineData("null", "line 1")]
    [InlineData("17", "line 1")]
    [InlineData("\"text\"", "line 1")]
    [InlineData("{:type :invoke, :f :read, :process 99999999999, :time 1}", "line 1")]
    [InlineData("{:type :invoke, :f :read, :process -1, :time 1}", "line 1")]
    [InlineData("{:type :invoke, :f :read, :process 0, :time 9}\n{:type :ok, :f :read, :value nil, :process 0, :time 1}", "line 1")]
    [InlineData("{:type :invoke, :f :read, :process 0, :time 1e999}", "line 1")]
    [InlineData("{:type", "line 1")]
    [InlineData("[{\"ClientId\": -1, \"Input\": {\"op\": 0}, \"Call\": 0, \"Return\": 1}]", "operation 1")]
    [InlineData("[{\"ClientId\": 4294967296, \"Input\": {\"op\": 0}, \"Call\": 0, \"Return\": 1}]", "operation 1")]
    [InlineData("[{\"ClientId\": 0, \"Input\": {\"op\": 0}, \"Call\": -9, \"Output\": null, \"Return\": 1}]", "place 1")]
    [InlineData("[{\"ClientId\": 0, \"Input\": [1], \"Call\": 0, \"Return\": 1}]", "operation 1")]
    [InlineData("[17]", "operation 1")]
    [InlineData("""{"process":1,"op":"read","key":"k","call":1,"return":3,"outcome":"ok"}""", "a read that is ok has no 'output'")]
    [InlineData("""{"process":-1,"op":"read","key":"k","call":1,"return":3,"outcome":"ok","output":null}""", "process is -1")]
    [InlineData("""{"fault":"kill","target":"n2","at":-1}""", "the fault is at -1 ns")]
    [InlineData("{\"process\":1,\"op\":\"write\",\"key\":\"k\",\"input\":[1],\"call\":1,\"return\":3,\"outcome\":\"info\"}\n{\"process\":1,\"op\":\"read\",\"key\":\"k\",\"call\":4,\"return\":5,\"outcome\":\"ok\",\"output\":null}", "process 1 is used again in line 2, after its operation of line 1")]
    [InlineData("{:type :invoke, :f :read, :time 1}", "line 1 is no event of a Jepsen history: it has no :process")]
    [InlineData("{:type :invoke, :f :read, :process \"x\", :time 1}", "line 1 is no event of a Jepsen history: :process is neither")]
    [InlineData("{:type :invoke, :f :read, :process 0, :time 1}\n{:type :ok, :f :read, :process 0, :time 2}", "line 2 is no event of a Jepsen history: an :ok of a :read has no :value")]
    [InlineData("[{\"ClientId\": 0, \"Input\": {\"op\": 0}, \"Call\": 0, \"Return\": 1}]", "it is a read, and has no Output")]
    [InlineData("[{\"ClientId\": 0, \"Input\": {\"op\": 0}, \"Call\": 0, \"Output\": {}, \"Return\": 1}]", "it is a read, and its Output has no value")]
    public void A_history_that_cannot_be_is_refused_with_its_place(string text, string place) =>
        Assert.Contains(place, Assert.Throws<FormatException>(() => Read(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void Bytes_that_are_no_text_are_refused_with_their_line()
    {
        byte[] bytes = [.. Encoding.UTF8.GetBytes(Ours.ReplaceLineEndings("\n")), .. "\n{\"process\":9,\"op\":\"read\",\"key\":\""u8, 0xFF, .. "\",\"call\":1}"u8];

        Assert.StartsWith("line 5 is no UTF-8", Assert.Throws<FormatException>(() => HistoryReader.Read(new MemoryStream(bytes))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"process":1,"op":"read","key":"k","call":1,"return":3,"outcome":"ok","output":null}""")]
    [InlineData("{:type :invoke, :f :read, :process 0, :time 1}\n{:type :ok, :f :read, :value nil, :process 0, :time 2}")]
    [InlineData("[{\"ClientId\": 0, \"Input\": {\"op\": 0}, \"Call\": 0, \"Output\": null, \"Return\": 1}]")]
    public void A_read_that_found_nothing_says_so(string text) => Assert.Null(Assert.Single(Read(text).Operations).Output);

    [Theory]
    [InlineData("{:type :invoke, :f :add, :value {1 2, \"1\" 3}, :process 0, :time 1}")]
    [InlineData("{:type :invoke, :f :write, :value [NaN Infinity 1e999], :process 0, :time 9223372036854775807}")]
    public void Surprises_of_EDN_are_read_as_unknown_outcomes(string text) => Assert.Equal(Outcome.Info, Assert.Single(Read(text).Operations).Outcome);

    [Theory]
    [InlineData(Ours)]
    [InlineData(Edn)]
    [InlineData(Porcupine)]
    public void Whatever_is_changed_in_a_file_it_is_read_or_refused(string text)
    {
        var random = new Random(20);
        int read = 0, refused = 0;
        for (var round = 0; round < 10_000; round++)
        {
            var mutant = Mutate(text, random);
            try
            {
                _ = Read(mutant);
                read++;
            }
            catch (FormatException)
            {
                refused++;
            }
            catch (Exception e)
            {
                Assert.Fail($"{e.GetType().Name} ({e.Message}) for\n{mutant}");
            }
        }

        Assert.InRange(read, 100, 9_900);
        Assert.InRange(refused, 100, 9_900);
    }

    [Fact]
    public void No_checker_falls_over_what_it_says_it_understands()
    {
        var random = new Random(21);
        string[] ops = ["read", "write", "cas", "delete", "incr", "add", "remove", "enqueue", "dequeue", "append", "send", "poll", "acquire", "access", "release", "transfer", "txn", "take", "who", "book", "place", "look", "ledger", "ended", "invoke", "health", "proxies", "received", "subscribe", "publish", "hear", "unsubscribe", "join", "process", "table", "effects", "handled", "dead", "redrive", "command", "history", "view", "rebuilt"];
        string?[] values =
        [
            null, "", "a", "0", "-1", "9223372036854775807", "-9223372036854775808", "99999999999999999999", "1.5", "[]", "{}", "[1]", "[[0,\"a\"]]", "[[9223372036854775807,\"a\"]]", "[[-1,\"a\"],[0]]",
            "{\"a\":9223372036854775807,\"b\":9223372036854775807}", "{\"a\":\"x\"}", "[\"\\ud800\"]", "[\"append\",\"x\",\"1\"]", "[\"r\",\"x\",[\"1\"]]", "[[\"r\",\"x\",[\"1\",\"1\"]]]", "[[\"append\",\"x\",null]]", "[[]]", "true", "{\"offset\":1,\"table\":{\"a\":\"a\"}}", "{\"to\":1e99,\"values\":[1]}", "{\"to\":1,\"values\":[\"a\"]}", "1 0:1", "9223372036854775808 x", "1 {\"a\":{\"count\":1,\"amount\":1}}", "[[\"placed\",\"a\"]]", "\u001f", "3 7 n1 n2", "7 n1", "7 n1 1 3\n8 n2 4 4", "8 n2 4 4\n7 n1 1 18446744073709551616",
            "get", "{\"by\":\"n1/x\",\"outcome\":\"stale\",\"attempts\":0,\"value\":1,\"life\":\"L\",\"ageMs\":9223372036854775807}", "{\"by\":\"\",\"outcome\":\"fresh\",\"attempts\":1,\"value\":9223372036854775807,\"life\":\"L\"}",
            "{\"life\":\"L\",\"first\":1,\"last\":1,\"attempts\":[{\"seq\":1,\"id\":\"a\",\"from\":\"/\",\"number\":2,\"probe\":-1,\"atMs\":1e308,\"fate\":\"effect\"}]}",
            "{\"proxies\":[{\"by\":\"n1\",\"to\":\"n2\",\"transitions\":[{\"number\":-9223372036854775808,\"from\":\"open\",\"to\":\"half-open\",\"atMs\":-9223372036854775808,\"openForMs\":9223372036854775807,\"byHand\":true}]}]}",
            "topic", "pattern", "all", "group", "2\n1 k a\n2 k b", "9223372036854775807\n9223372036854775807 k a", "1\n1 k", "[^", "a*[bc]?", "1 2 3", "1e9 -2 3",
            "{\"stock\":\"taken\",\"payment\":\"none\",\"shipping\":1}", "{\"opening\":1,\"available\":1e99,\"orders\":{}}", "{\"opening\":1,\"available\":9223372036854775807,\"orders\":{\"k\":{\"state\":\"taken\",\"amount\":9223372036854775807},\"k\":{}}}",
        ];
        string[] keys = ["k", "k", "k", "j", "j", "in0", "out0", "table0", "group"];
        var judged = new HashSet<string>();
        for (var round = 0; round < 60_000; round++)
        {
            var few = ops[random.Next(ops.Length)];
            var entry = CheckerCatalog.All[random.Next(CheckerCatalog.All.Count)];
            var operations = Enumerable.Range(0, 1 + random.Next(4)).Select(i => new Operation(
                i,
                random.Next(2) == 0 ? few : ops[random.Next(ops.Length)],
                keys[random.Next(keys.Length)],
                [.. Enumerable.Range(0, random.Next(8) == 0 ? 8 : random.Next(4)).Select(_ => values[random.Next(values.Length)])],
                random.Next(10),
                random.Next(4) == 0 ? long.MaxValue : 10 + random.Next(10),
                (Outcome)random.Next(3),
                values[random.Next(values.Length)])).ToList();
            var checker = entry.Create(new CheckLimits(TimeSpan.FromSeconds(1), 10_000), TimeProvider.System);
            try
            {
                if (operations.TrueForAll(checker.Understands))
                {
                    _ = checker.Check(new History(operations, []));
                    judged.Add(entry.Name);
                }
            }
            catch (Exception e)
            {
                Assert.Fail($"{entry.Name}: {e}\n{string.Join('\n', operations)}");
            }
        }

        Assert.Equal(CheckerCatalog.All.Count, judged.Count);
    }

    private static string Mutate(string text, Random random)
    {
        string[] pieces = ["{", "}", "[", "]", "\"", ":", ",", "-", "1e999", "9223372036854775807", "99999999999", "null", "nil", "true", "\\ud800", "\n", "NaN", "#", ";", "\0", "é", "#_", "0.5"];
        for (var changes = 1 + random.Next(3); changes > 0; changes--)
        {
            var at = random.Next(text.Length);
            var length = Math.Min(random.Next(6), text.Length - at);
            text = random.Next(5) switch
            {
                0 => text[..at],
                1 => text.Remove(at, length),
                2 => text.Insert(at, text.Substring(at, length)),
                3 => text.Remove(at, length).Insert(at, pieces[random.Next(pieces.Length)]),
                _ => text.Insert(at, pieces[random.Next(pieces.Length)]),
            };
            text += text.Length == 0 ? " " : "";
        }

        return text;
    }

    private static History Read(string text) => HistoryReader.Read(new MemoryStream(Encoding.UTF8.GetBytes(text)));
}
