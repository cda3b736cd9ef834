using System.CommandLine;
using Cluster.Lab;
using Cluster.Lab.Templates;

namespace Cluster.Client.Verbs;

/// <summary>Makes a mode from the template, in the checkout that this console was built from: it compiles and has a lab at once.</summary>
internal sealed class NewModeVerb : Verb
{
    private readonly Argument<string> name = new("NAME") { Description = "The new mode's slug: lower-case words joined by hyphens" };
    private readonly Option<string?> modes = new("--modes") { Description = "The folder with the modes (default: src/Modes of this checkout)", HelpName = "DIR" };

    public NewModeVerb()
        : base("new-mode", "Make a new mode from the template: code, lab, broken variant, README")
    {
        Add(name);
        Add(modes);
        SetAction(Run);
    }

    public override IReadOnlyList<string> Examples => ["lab new-mode two-phase-commit"];

    private int Run(ParseResult parsed)
    {
        var folder = parsed.GetValue(modes) ?? ModeTemplate.FindModes(AppContext.BaseDirectory)
            ?? throw new LabException("there is no src/Modes/Template above this program: run it in a checkout, or name the folder with --modes");
        NewMode made;
        try
        {
            made = new ModeTemplate(folder).Create(parsed.GetValue(name)!);
        }
        catch (LabException refused)
        {
            throw new UsageException(refused.Message);
        }

        Console.WriteLine($"made {made.Folder}: {string.Join(", ", made.Files)}");
        Console.WriteLine($"added {made.Name}Mode to ModeCatalog.cs");
        Console.WriteLine();
        Console.WriteLine("It runs as it is, as a copy of the template:");
        Console.WriteLine($"  lab run {made.Slug} --engine sim");
        Console.WriteLine($"  lab run {made.Slug} --engine sim --bug forget-session      must end in 'violated'");
        Console.WriteLine("Now make it yours:");
        Console.WriteLine($"  1. README.md: the question, the guarantee, the diagram; {made.Name}Mode.cs: family and claim");
        Console.WriteLine($"  2. {made.Name}Lab.cs: clients, faults, what is promised and what is not, a broken variant that its checkers catch");
        Console.WriteLine("  3. its protocol as a pure core with tests of its own; docs/testing.md says which layers there are");
        return ExitCodes.Ok;
    }
}
