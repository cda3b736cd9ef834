using System.CommandLine;
using Cluster.Client.Interactive;
using Cluster.Client.Nodes;

namespace Cluster.Client.Verbs;

/// <summary>The console as a place to stay in: a prompt that knows the node's modes, with completion and history.</summary>
internal sealed class ConsoleVerb : Verb
{
    private readonly Option<string?> node = new("--node") { Description = "The node to speak with; the first that answers when not given", HelpName = "NODE" };
    private readonly TargetOptions target = new();

    public ConsoleVerb()
        : base("console", "Stay: a prompt with completion, history, and the operations of every mode")
    {
        Add(node);
        target.AddTo(this);
        SetAction((parsed, _) => new InteractiveConsole(target, parsed).RunAsync(parsed.GetValue(node))); // Ctrl-C ends what runs in it, not the console.
    }

    public override IReadOnlyList<string> Examples => ["lab console", "lab console --node n2", "echo 'leader-election who' | lab console"];

    public override IReadOnlyList<string> Notes =>
    [
        "Lines are verbs without 'lab', or a mode's operations. From a pipe: a command a line, '#' begins a comment, and the exit code is that of the last command that failed.",
        "The history is in ~/.lab_history; LAB_HISTORY names another file, or none when it is empty. A line that begins with a space is not kept.",
    ];
}
