using Cluster.Client.Output;
using Cluster.Lab.Histories;
using Cluster.Lab.Messages;
using Cluster.Lab.Scenarios;
using Cluster.Lab.Scenarios.Outputs;
using Cluster.Lab.Targets;

namespace Cluster.Client.Labs;

/// <summary>Plays a scenario on a real cluster that stands: records history and messages, shows how far it is, and judges what was recorded.</summary>
internal sealed class ProcessLab(ClusterTarget cluster, string engine, bool losesUnflushed, RunFolder folder)
{
    private static readonly TimeSpan ProgressInterval = TimeSpan.FromMilliseconds(250);

    /// <summary>Whether the cluster goes on when the run is over: then no fault outlives the run, though it is interrupted.</summary>
    public bool LeavesWhole { get; init; }

    /// <param name="again">The command that repeats the run.</param>
    /// <exception cref="Lab.LabException">The cluster cannot do what the schedule asks for.</exception>
    public async Task<RunOutcome> RunAsync(ScenarioPlan plan, string again, CancellationToken cancellation)
    {
        var stage = new ClusterStage(cluster, engine, losesUnflushed, TimeProvider.System);
        ScenarioFinding finding;
        MessageCollector messages;
        using (var history = HistoryWriter.Create(folder.HistoryPath))
        {
            var run = new ScenarioRun(plan, stage, history);
            messages = new MessageCollector(cluster, run.Clock, TimeProvider.System);
            using var over = new CancellationTokenSource();
            var beside = Task.WhenAll(messages.RunAsync(over.Token), ShowAsync(run, over.Token));
            try
            {
                finding = await run.RunAsync(cancellation).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (LeavesWhole)
            {
                await run.TakeBackAsync().ConfigureAwait(false);
                throw;
            }
            finally
            {
                await over.CancelAsync().ConfigureAwait(false);
                await beside.ConfigureAwait(false);
            }
        }

        var recorded = HistoryReader.Read(folder.HistoryPath);
        var verdict = ScenarioJudge.Judge(finding, recorded, stage.Judge(), TimeProvider.System);
        return new RunOutcome(finding, verdict, recorded, engine, again) { Messages = messages.Join(), MessagesMissed = messages.Missed };
    }

    private static async Task ShowAsync(ScenarioRun run, CancellationToken over)
    {
        var line = new ProgressLine();
        try
        {
            while (true)
            {
                var progress = run.Progress;
                line.Show($"{run.Phase}: {Format.Count(progress.Answered)} answered, {Format.Count(progress.Refused)} refused, {Format.Count(progress.Unknown)} unknown");
                await Task.Delay(ProgressInterval, TimeProvider.System, over).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            line.Clear();
        }
    }
}
