using System.Text.Json;
using Cluster.Lab.Histories;
using Cluster.Lab.Workloads;
using Cluster.Lab.Workloads.Recipes;
using Cluster.Lab.Workloads.Sessions;
using Cluster.Shared.Scenarios;
using Cluster.Shared.Wire;

namespace Cluster.Lab.Tests.Workloads;

/// <summary>The lab's transactions on a storage mode that has the operation <c>txn</c>.</summary>
public sealed class ModeTransactionsTests : IAsyncDisposable
{
    private readonly Scripted nodes = new();

    private StorageModeSession Session => new(nodes.Session, new ScenarioWorkload("list-append", 1) { Store = "some-mode", WriteDial = new Dictionary<string, string> { ["isolation"] = "snapshot" } });

    public ValueTask DisposeAsync() => nodes.Session.DisposeAsync();

    [Fact]
    public async Task Appends_and_reads_are_one_request_and_the_history_tells_what_was_read()
    {
        nodes.Answers.Enqueue(StoreAnswer.Ok("""{"steps":[{"step":"read","key":"{l}:x","value":"1 2 "},{"step":"append","key":"{l}:y"},{"step":"read","key":"{l}:z"}]}"""));
        var answer = await new ListAppendRecipe().ExecuteAsync(Session, new Request("txn", "l", """["r","x",null]""", """["append","y","3"]""", """["r","z",null]"""));

        Assert.Equal(StoreAnswer.Ok("""[["r","x",["1","2"]],["append","y","3"],["r","z",[]]]"""), answer);
        Assert.Equal(["""[["read","{l}:x"],["append","{l}:y","3 "],["read","{l}:z"]]"""], nodes.Steps);
        Assert.Equal(["snapshot"], nodes.Isolations);
    }

    [Fact]
    public async Task A_transfer_writes_only_if_what_it_has_read_still_stands()
    {
        nodes.Answers.Enqueue(StoreAnswer.Ok("""{"steps":[{"step":"read","key":"{b}:a0","value":"70"},{"step":"read","key":"{b}:a1"}]}"""));
        nodes.Answers.Enqueue(StoreAnswer.Ok("""{"steps":[]}"""));
        var answer = await new BankRecipe(["a0", "a1"], ReadConsistency.Linearizable).ExecuteAsync(Session, new Request("transfer", "b", "a0", "a1", "5"));

        Assert.Equal(Outcome.Ok, answer.Outcome);
        Assert.Equal("""[["expect","{b}:a0","70"],["expect","{b}:a1",null],["put","{b}:a0","65"],["put","{b}:a1","105"]]""", nodes.Steps[1]);
    }

    /// <summary>A store that has not answered may have appended; one that was only asked has not.</summary>
    [Theory]
    [InlineData("""["append","y","3"]""", Outcome.Info)]
    [InlineData("""["r","y",null]""", Outcome.Fail)]
    public async Task Silence_means_what_may_have_happened(string step, Outcome expected)
    {
        nodes.Answers.Enqueue(StoreAnswer.Info);
        Assert.Equal(expected, (await new ListAppendRecipe().ExecuteAsync(Session, new Request("txn", "l", step))).Outcome);
    }

    /// <summary>Answers calls of a mode with what was laid ready.</summary>
    private sealed class Scripted
    {
        public Scripted() => Session = new ModeSession(Answer);

        public ModeSession Session { get; }

        public Queue<StoreAnswer> Answers { get; } = new();

        public List<string> Steps { get; } = [];

        public List<string?> Isolations { get; } = [];

        private StoreAnswer Answer(ModeCall call)
        {
            Assert.Equal(("some-mode", "txn", false), (call.Mode, call.Operation, call.IsRead));
            Steps.Add(JsonSerializer.Serialize(JsonDocument.Parse(call.Arguments.Single(argument => argument.Name == "steps").Value!)));
            Isolations.Add(call.Arguments.Single(argument => argument.Name == "isolation").Value);
            return Answers.Dequeue();
        }
    }
}
