using Cluster.Lab.Checkers;
using Cluster.Lab.Checkers.Transactions;
using Cluster.Lab.Histories;

namespace Cluster.Lab.Tests.Histories;

public sealed class ForeignHistoryTests : IDisposable
{
    private readonly string path = Path.Combine(Path.GetTempPath(), $"foreign-{Guid.NewGuid():N}");

    public void Dispose() => File.Delete(path);

    [Fact]
    public void A_register_history_of_Jepsen_is_read()
    {
        var history = Read("""
            {:type :invoke, :f :write, :value 3, :process 0, :time 100, :index 0}
            {:type :invoke, :f :read, :value nil, :process 1, :time 150} ; a comment
            {:type :ok, :f :write, :value 3, :process 0, :time 200}
            {:type :info, :f :start-partition, :value [:isolated "n1"], :process :nemesis, :time 210}
            #jepsen.history.Op{:type :ok, :f :read, :value 3, :process 1, :time 250}
            {:type :invoke, :f :cas, :value [3 4], :process 0, :time 300}
            {:type :fail, :f :cas, :value [3 4], :process 0, :time 310}
            {:type :invoke, :f :write, :value 9, :process 0, :time 400}
            """);

        Assert.Equal(
            ["0 write [3] 100-200 Ok ", "1 read [] 150-250 Ok 3", "0 cas [3,4] 300-310 Fail ", "0 write [9] 400-401 Info "],
            history.Operations.Select(operation => $"{operation.Process} {operation.Op} [{string.Join(',', operation.Input)}] {operation.Call}-{operation.Return} {operation.Outcome} {operation.Output}"));
        Assert.Equal(new FaultEvent("start-partition", "[\"isolated\",\"n1\"]", 210), Assert.Single(history.Faults));
        Assert.Equal(Verdict.Holds, new LinearizabilityChecker(KeyValueModel.Register, CheckLimits.Default, TimeProvider.System).Check(history).Verdict);
    }

    [Fact]
    public void Independent_keys_of_Jepsen_are_judged_apart()
    {
        var history = Read("""
            [{:type :invoke, :f :write, :value ["a" 1], :process 0, :time 1}
             {:type :ok, :f :write, :value ["a" 1], :process 0, :time 2}
             {:type :invoke, :f :read, :value ["b" nil], :process 0, :time 3}
             {:type :ok, :f :read, :value ["b" nil], :process 0, :time 4}]
            """);

        Assert.Equal(["a", "b"], history.Operations.Select(operation => operation.Key));
        Assert.Null(history.Operations[1].Output);
    }

    [Fact]
    public void Transactions_of_Jepsen_are_read()
    {
        var history = Read("""
            {:type :invoke, :f :txn, :value [[:append 8 1] [:r 9 nil]], :process 0, :time 1}
            {:type :ok, :f :txn, :value [[:append 8 1] [:r 9 []]], :process 0, :time 9}
            {:type :invoke, :f :txn, :value [[:append 9 1] [:r 8 nil]], :process 1, :time 1}
            {:type :ok, :f :txn, :value [[:append 9 1] [:r 8 []]], :process 1, :time 9}
            {:type :invoke, :f :txn, :value [[:r 8 nil] [:r 9 nil]], :process 2, :time 10}
            {:type :ok, :f :txn, :value [[:r 8 [1]] [:r 9 [1]]], :process 2, :time 11}
            """);

        Assert.Contains("G2", new ListAppendChecker(IsolationLevel.Serializable).Check(history).Summary, StringComparison.Ordinal);
    }

    [Fact]
    public void A_Porcupine_list_is_read()
    {
        var history = Read("""
            [{"ClientId": 0, "Input": {"op": 1, "key": "x", "value": "y"}, "Call": 0, "Output": {"value": ""}, "Return": 10},
             {"ClientId": 1, "Input": {"op": "Get", "key": "x"}, "Call": 5, "Output": {"value": "y"}, "Return": 12},
             {"ClientId": 1, "Input": {"op": "cas", "key": "x", "old": "y", "new": "z"}, "Call": 13, "Output": {"ok": true}, "Return": 14}]
            """);

        Assert.Equal(["write", "read", "cas"], history.Operations.Select(operation => operation.Op));
        Assert.Equal(Verdict.Holds, new LinearizabilityChecker(KeyValueModel.Kv, CheckLimits.Default, TimeProvider.System).Check(history).Verdict);
    }

    [Theory]
    [InlineData("{:type :invoke, :f :read, :process 0, :time 1", "line 1 is no EDN: it ends before a '}'")]
    [InlineData("{:type :ok, :f :read, :process 0, :time 1}", "has asked nothing")]
    [InlineData("{:type :invoke, :f :read, :process 0}", "no :time")]
    [InlineData("{:type :invoke, :f :read, :process 0, :time 1}\n{:type :maybe, :f :read, :process 0, :time 2}", "line 2")]
    [InlineData("{:type :invoke, :f :read, :process 0, :time 1}\n{:type :invoke, :f :read, :process 0, :time 2}", "calls again before")]
    [InlineData("[{\"ClientId\": 0, \"Input\": {\"op\": 7}, \"Call\": 0, \"Return\": 1}]", "op 7 is none of")]
    [InlineData("[{\"ClientId\": 0, \"Input\": {\"op\": 0}, \"Call\": 5, \"Return\": 1}]", "returns before its call")]
    [InlineData("[{\"ClientId\": 0,", "no JSON")]
    [InlineData("{\"process\":1,\"op\":\"read\",\"key\":\"k\",\"call\":5,\"return\":9,\"outcome\":\"ok\",\"output\":null}\n{\"process\":1,\"op\":\"read\",\"key\":\"k\",\"call\":6,\"return\":7,\"outcome\":\"ok\",\"output\":null}", "contradictory times: process 1 calls in line 2")]
    public void What_is_no_history_is_refused_with_its_place(string text, string complaint) =>
        Assert.Contains(complaint, Assert.Throws<FormatException>(() => Read(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void Nesting_is_bounded() => Assert.Throws<FormatException>(() => Read("{:a " + new string('[', 100_000)));

    private History Read(string text)
    {
        File.WriteAllText(path, text);
        return HistoryReader.Read(path);
    }
}
