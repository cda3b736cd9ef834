using System.CommandLine;

namespace Cluster.Client.Verbs;

/// <summary>One verb of the console: its arguments, its options, what it does, and examples for its help.</summary>
internal abstract class Verb(string name, string description) : Command(name, description)
{
    /// <summary>Command lines that work as they stand, shown under the help.</summary>
    public abstract IReadOnlyList<string> Examples { get; }

    /// <summary>Lines under the examples: what an option's values mean, where that is more than a line.</summary>
    public virtual IReadOnlyList<string> Notes => [];
}
