using System.Text;
using Cluster.Node.Resp.Table;

namespace Cluster.Node.Tests.Resp;

/// <summary>The table as data: each row says one thing in all its fields.</summary>
public sealed class CommandTableTests
{
    public static TheoryData<string> Names => [.. CommandTable.Everything.Select(spec => spec.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_row_agrees_with_itself(string name)
    {
        var spec = CommandTable.FindFull(Encoding.ASCII.GetBytes(name.ToUpperInvariant()))!;
        Assert.Equal(name, spec.Name);
        Assert.Same(spec, CommandTable.Everything[spec.Index]);
        Assert.Equal(spec.Handler is null, spec.Subcommands.Count > 0 && spec.Arity == -2);
        Assert.All([spec.Summary, spec.Since, spec.Complexity, spec.Group], text => Assert.NotEmpty(text));
        Assert.EndsWith(".", spec.Summary, StringComparison.Ordinal);
        Assert.Matches(@"^\d+\.\d+\.\d+$|^cluster-lab$", spec.Since);
        Assert.False(spec.Flags.HasFlag(CommandFlags.ReadOnly | CommandFlags.Write));

        // Keys are those of the arguments, and a command that touches a key says how.
        var keys = Flat(spec.Arguments).Where(argument => argument.Type == "key").ToArray();
        Assert.Equal(spec.Keys.Count(key => key.Access != KeySpec.NotKey), keys.Select(key => key.KeySpec).Distinct().Count());
        var real = spec.Keys.Where(key => key.Access != KeySpec.NotKey).ToArray();
        Assert.All(real, key => Assert.InRange(key.Index, 1, Math.Abs(spec.Arity) - 1));
        Assert.All(real, key => Assert.Matches("^(RO|RW|OW|RM)( (access|update|insert|delete|variable_flags))*$", key.Access));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Arity_is_what_the_arguments_say(string name)
    {
        var spec = CommandTable.FindFull(Encoding.ASCII.GetBytes(name))!;
        if (spec.Subcommands.Count > 0 || name == "quit")
        {
            return; // QUIT ignores what is said with it, as in Redis.
        }

        var words = name.Split('|').Length;
        var (least, bounded) = Length(spec.Arguments);
        Assert.Equal(Math.Abs(spec.Arity), words + least);
        Assert.Equal(spec.Arity > 0, bounded);
    }

    [Theory]
    [InlineData("a:")]
    [InlineData("[a")]
    [InlineData("a]")]
    [InlineData("a=<b | >")]
    [InlineData("a=b")]
    [InlineData("...")]
    public void A_mistake_in_the_notation_is_told(string notation) => Assert.Throws<FormatException>(() => CommandSyntax.Parse(notation));

    [Theory]
    [InlineData("get", "GET key")]
    [InlineData("set", "SET key value [NX | XX] [GET] [EX seconds | PX milliseconds | EXAT unix-time-seconds | PXAT unix-time-milliseconds | KEEPTTL]")]
    [InlineData("mset", "MSET key value [key value ...]")]
    [InlineData("client|reply", "CLIENT REPLY <ON | OFF | SKIP>")]
    public void A_command_line_reads_as_in_Redis_s_documentation(string name, string line) =>
        Assert.Equal(line, CommandSyntax.Print(CommandTable.FindFull(Encoding.ASCII.GetBytes(name))!));

    private static IEnumerable<CommandArgument> Flat(IEnumerable<CommandArgument> arguments) =>
        arguments.SelectMany(argument => Flat(argument.Arguments).Prepend(argument));

    /// <summary>Least words that arguments take, and whether they are also the most.</summary>
    private static (int Least, bool Bounded) Length(IReadOnlyList<CommandArgument> arguments)
    {
        var (least, bounded) = (0, true);
        foreach (var argument in arguments)
        {
            var token = argument.Token is null || argument.Type == "pure-token" ? 0 : 1;
            var inner = argument.Type switch
            {
                "oneof" => (Least: argument.Arguments.Min(one => Length([one]).Least), Bounded: argument.Arguments.Select(one => Length([one])).Distinct().Count() == 1),
                "block" => Length(argument.Arguments),
                _ => (Least: 1, Bounded: true),
            };
            least += argument.Optional ? 0 : token + inner.Least;
            bounded &= inner.Bounded && !argument.Optional && !argument.Multiple;
        }

        return (least, bounded);
    }
}
