using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Text.Json;
using Cluster.Client.Locks;
using Cluster.Client.Nodes;
using Cluster.Client.Output;
using Cluster.Lab;
using Cluster.Lab.Faults;
using Cluster.Lab.Http;

namespace Cluster.Client.Verbs;

/// <summary>Runs a command while it holds a lock of the cluster, and ends with the command's exit code. Or shows who holds it.</summary>
internal sealed class LockVerb : Verb
{
    /// <summary>Of a long lease's tenth: what has not ended by then will not.</summary>
    private static readonly TimeSpan LongestGrace = TimeSpan.FromSeconds(5);

    private readonly Argument<string> name = new("NAME") { Description = "The lock" };
    private readonly Argument<string[]> command = new("COMMAND") { Description = "After --: what to run while the lock is held, with its arguments", Arity = ArgumentArity.ZeroOrMore };
    private readonly Option<TimeSpan?> lease = Time("--lease", "How long the lock outlives this process (50ms to 1h; default 10s); renewed at each third of it", TimeSpan.FromMilliseconds(50), TimeSpan.FromHours(1));
    private readonly Option<TimeSpan?> wait = Time("--wait", "How long to wait for the lock (0s to 24h; default 30s); 0s tries once", TimeSpan.Zero, TimeSpan.FromDays(1));
    private readonly Option<TimeSpan?> lockDelay = Time("--lock-delay", "How long nobody gets the lock if this lease ends without a release (0s to 60s; default 1s)", TimeSpan.Zero, TimeSpan.FromMinutes(1));
    private readonly Option<TimeSpan?> killAfter = Time("--kill-after", "Of a command that is ended because the lease is lost: from SIGTERM to SIGKILL (default: the tenth of the lease that is left then, at most 5s)", TimeSpan.Zero, TimeSpan.FromHours(1));
    private readonly Option<string> onLost = new("--on-lost") { Description = "kill: end the command when the lease is lost; warn: say so, and let it go on", DefaultValueFactory = _ => "kill", HelpName = "WHAT" };
    private readonly Option<string?> session = new("--session") { Description = "Who asks: the same session enters a lock that it holds (default: $LOCK_SESSION, else a new one)", HelpName = "NAME" };
    private readonly Option<bool> show = new("--show") { Description = "Show who holds the lock and who waits, and run nothing" };
    private readonly Option<string> output = VerbOptions.Output();
    private readonly TargetOptions target = new();

    public LockVerb()
        : base("lock", "Run a command while holding a lock of the cluster; its exit code is this one's")
    {
        onLost.AcceptOnlyFromAmong("kill", "warn");
        name.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: "" }])
            {
                result.AddError("NAME is empty: which lock?");
            }
        });
        Add(name);
        Add(command);
        foreach (var option in (Option[])[lease, wait, lockDelay, killAfter, onLost, session, show, output])
        {
            Add(option);
        }

        target.AddTo(this);
        SetAction(RunAsync);
    }

    public override IReadOnlyList<string> Examples =>
    [
        "lab lock backup -- ./backup.sh",
        "lab lock backup --wait 0s --lease 30s -- ./backup.sh || echo busy",
        "lab lock counter -- sh -c 'echo \"I am $LOCK_SESSION, my fencing token is $LOCK_TOKEN\"'",
        "lab lock backup --show",
    ];

    public override IReadOnlyList<string> Notes =>
    [
        "",
        "The command finds LOCK_NAME, LOCK_TOKEN and LOCK_SESSION in its environment. A lease cannot stop a command that was paused past it: give LOCK_TOKEN to whatever it",
        "changes, and let that refuse older tokens. Ctrl-C and SIGTERM go to the command.",
        "Exit codes: the command's own (128+N if signal N ended it);",
        $"  {ExitCodes.NotAcquired} not acquired in time;  {ExitCodes.LeaseLost} the lease was lost and the command ended;  126, 127 the command cannot be run;  {ExitCodes.Usage} this was not understood.",
    ];

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var words = parsed.GetValue(command) ?? [];
        RefuseOptions(parsed, words);
        if (words.Length == 0 != parsed.GetValue(show))
        {
            throw new UsageException(words.Length == 0 ? "what is to be run? Write 'lab lock NAME -- COMMAND', or 'lab lock NAME --show'" : "--show runs nothing: leave the command out");
        }

        var cluster = await target.OpenAsync(parsed, cancellation).ConfigureAwait(false);
        var asked = parsed.GetValue(session) ?? (Environment.GetEnvironmentVariable("LOCK_SESSION") is { Length: > 0 } inherited ? inherited : NewSession());
        var locks = new LockClient(cluster, parsed.GetValue(name)!, asked, TimeProvider.System);
        try
        {
            return words.Length == 0 ? await ShowAsync(locks, parsed, cancellation).ConfigureAwait(false) : await HoldAsync(locks, words, asked, parsed).ConfigureAwait(false);
        }
        catch (NodeRefusedException e) when (!e.IsUsage)
        {
            throw new LabException(e.Message, e);
        }
        catch (NoAnswerException e)
        {
            throw new LabException(e.Message, e);
        }
    }

    /// <summary>An option that is misspelt must not be run as the command: what begins with a dash is one only behind <c>--</c>.</summary>
    private void RefuseOptions(ParseResult parsed, string[] words)
    {
        if (words is [['-', ..], ..] && parsed.Tokens.TakeWhile(token => token.Type != TokenType.DoubleDash).Any(token => token.Value == words[0]))
        {
            var suggestion = Suggestion.For(words[0], Options.SelectMany(option => (string[])[option.Name, .. option.Aliases]));
            throw new UsageException($"'lab lock' knows no option '{words[0]}'{Suggestion.Words(suggestion)} (the command stands behind --: 'lab lock NAME -- COMMAND')");
        }
    }

    private async Task<int> HoldAsync(LockClient locks, string[] words, string asked, ParseResult parsed)
    {
        var time = TimeProvider.System;
        using var running = new LockedCommand();
        var (held, patience) = (parsed.GetValue(lease) ?? TimeSpan.FromSeconds(10), parsed.GetValue(wait) ?? TimeSpan.FromSeconds(30));
        LockGrant grant;
        try
        {
            var progress = new ProgressLine();
            grant = await locks.AcquireAsync(held, parsed.GetValue(lockDelay) ?? TimeSpan.FromSeconds(1), patience, waiting => progress.Show($"waiting at place {waiting.Place}: {waiting.Why}"), running.Interrupted).ConfigureAwait(false);
            progress.Clear();
        }
        catch (OperationCanceledException) when (running.Interrupted.IsCancellationRequested)
        {
            return running.InterruptedCode;
        }

        if (!grant.Granted)
        {
            return Say(ExitCodes.NotAcquired, string.Create(CultureInfo.InvariantCulture, $"{parsed.GetValue(name)} was not acquired within {patience.TotalSeconds:0.###} s: {grant.Why}"));
        }

        var token = grant.Token!.Value;
        var keeper = new LeaseKeeper((within, stop) => locks.RenewAsync(token, held, within, stop), held, time);
        try
        {
            if (await keeper.ConfirmAsync(running.Interrupted).ConfigureAwait(false) is { } never)
            {
                return Say(ExitCodes.NotAcquired, $"the lease of {parsed.GetValue(name)} was over before anything was run: {never}");
            }
        }
        catch (OperationCanceledException) when (running.Interrupted.IsCancellationRequested)
        {
            return await EndAsync(locks, token, running.InterruptedCode).ConfigureAwait(false);
        }

        var environment = new Dictionary<string, string> { ["LOCK_NAME"] = parsed.GetValue(name)!, ["LOCK_TOKEN"] = token.ToString(CultureInfo.InvariantCulture), ["LOCK_SESSION"] = asked };
        if (running.Interrupted.IsCancellationRequested)
        {
            return await EndAsync(locks, token, running.InterruptedCode).ConfigureAwait(false);
        }

        return running.Start(words, environment) is { } failure
            ? await EndAsync(locks, token, Say(failure.Code, failure.Why)).ConfigureAwait(false)
            : await WatchOverAsync(locks, keeper, running, token, held, parsed).ConfigureAwait(false);
    }

    /// <summary>Until the command ends, or the lease.</summary>
    private async Task<int> WatchOverAsync(LockClient locks, LeaseKeeper keeper, LockedCommand running, long token, TimeSpan held, ParseResult parsed)
    {
        using var done = new CancellationTokenSource();
        var keeping = keeper.KeepAsync(done.Token);
        var ending = running.WaitAsync(CancellationToken.None);
        await Task.WhenAny(keeping, ending).ConfigureAwait(false);
        if (!ending.IsCompleted && await keeping.ConfigureAwait(false) is { } lost)
        {
            var kills = parsed.GetValue(onLost) == "kill";
            Say(ExitCodes.LeaseLost, $"the lease of {parsed.GetValue(name)} (token {token}) is lost{(kills ? ", so the command is ended" : "; the command goes on")}: {lost}");
            if (kills)
            {
                await running.EndAsync(parsed.GetValue(killAfter) ?? Grace(held), TimeProvider.System).ConfigureAwait(false);
                return ExitCodes.LeaseLost;
            }

            return await ending.ConfigureAwait(false);
        }

        var code = await ending.ConfigureAwait(false);
        await done.CancelAsync().ConfigureAwait(false);
        await keeping.ConfigureAwait(false);
        return await EndAsync(locks, token, code).ConfigureAwait(false);
    }

    /// <summary>What is left of a lease when it is taken for lost: then nothing of the command is left when it is over.</summary>
    private static TimeSpan Grace(TimeSpan lease) => lease * (1 - LeaseKeeper.Trusted) is var left && left < LongestGrace ? left : LongestGrace;

    /// <summary>Releases. The command is over whatever comes of it, so it changes no exit code.</summary>
    private static async Task<int> EndAsync(LockClient locks, long token, int code)
    {
        try
        {
            await locks.ReleaseAsync(token, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception e) when (e is NodeRefusedException or NoAnswerException)
        {
            Say(code, $"the lock was not released, and ends with its lease: {e.Message}");
        }

        return code;
    }

    private async Task<int> ShowAsync(LockClient locks, ParseResult parsed, CancellationToken cancellation)
    {
        var json = await locks.ShowAsync(cancellation).ConfigureAwait(false);
        if (parsed.GetValue(output) == "json")
        {
            Console.WriteLine(json);
            return ExitCodes.Ok;
        }

        var shown = JsonSerializer.Deserialize(json, ConsoleJson.Default.LockStanding) ?? throw new LabException("a node answered show by null");
        foreach (var line in shown.Lines())
        {
            Console.WriteLine(line);
        }

        return ExitCodes.Ok;
    }

    private static int Say(int code, string words)
    {
        Console.Error.WriteLine("lab: " + words);
        return code;
    }

    /// <summary>Tells people which machine and process it was, and is nobody else's.</summary>
    private static string NewSession() => string.Create(CultureInfo.InvariantCulture, $"{Environment.MachineName}.{Environment.ProcessId}.{Guid.NewGuid().ToString("N")[..8]}");

    private static Option<TimeSpan?> Time(string option, string description, TimeSpan least, TimeSpan most) =>
        VerbOptions.Parsed(option, description, "TIME", text => Quantity.Time(text, least, most));
}
