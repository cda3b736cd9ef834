using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Cluster.Client.Verbs;

/// <summary>The usual help, and the verb's examples and notes under it.</summary>
internal sealed class ExamplesHelp(HelpAction usual) : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        var code = usual.Invoke(parseResult);
        var examples = parseResult.CommandResult.Command switch
        {
            Verb verb => verb.Examples,
            LabCommand root => root.Examples,
            _ => [],
        };
        if (examples.Count > 0)
        {
            var output = parseResult.InvocationConfiguration.Output;
            output.WriteLine("Examples:");
            foreach (var example in examples)
            {
                output.WriteLine("  " + example);
            }
        }

        foreach (var note in parseResult.CommandResult.Command is Verb noted ? noted.Notes : [])
        {
            parseResult.InvocationConfiguration.Output.WriteLine(note);
        }

        return code;
    }
}
