using Cluster.Engine.Consensus;
using Cluster.Shared.Wire;
using FsCheck;
using FsCheck.Fluent;
using Google.Protobuf;

namespace Cluster.Engine.Tests.Consensus;

public sealed class RaftLogTests
{
    /// <summary>The ring against a list that does the same in one line each.</summary>
    [Fact]
    public void The_ring_equals_a_list_under_any_sequence_of_operations()
    {
        var steps = Gen.Choose(0, 99).ListOf(400).Select(list => list.ToArray());
        Prop.ForAll(steps.ToArbitrary(), Agree).Check(Config.QuickThrowOnFailure.WithMaxTest(200));
    }

    [Fact]
    public void Entries_out_of_order_are_a_broken_invariant()
    {
        var log = new RaftLog(new LogIndex(4), new Term(2));

        Assert.Throws<InvariantViolated>(() => log.Append(new Entry { Index = 6, Term = 2 }));
        Assert.Throws<InvariantViolated>(() => log.Append(new Entry { Index = 5, Term = 1 }));
    }

    private static void Agree(int[] steps)
    {
        var log = new RaftLog(LogIndex.Zero, Term.Zero);
        var (twin, first, term) = (new List<Entry>(), 1UL, 1UL);
        foreach (var step in steps)
        {
            switch (step)
            {
                case < 70:
                    term += step < 10 ? 1UL : 0;
                    var entry = new Entry { Index = first + (ulong)twin.Count, Term = term, Data = ByteString.CopyFrom(new byte[step]) };
                    log.Append(entry);
                    twin.Add(entry);
                    break;
                case < 80 when twin.Count > 0:
                    var cut = step % twin.Count;
                    log.TruncateFrom(new LogIndex(first + (ulong)cut));
                    twin.RemoveRange(cut, twin.Count - cut);
                    break;
                case < 95 when twin.Count > 0:
                    log.DropFirst();
                    twin.RemoveAt(0);
                    first++;
                    break;
                case 99:
                    log.Reset(new LogIndex(first + 100), new Term(term));
                    twin.Clear();
                    first += 101;
                    break;
            }

            Same(log, twin, first);
        }
    }

    private static void Same(RaftLog log, List<Entry> twin, ulong first)
    {
        Assert.Equal(first, log.FirstIndex.Value);
        Assert.Equal(first + (ulong)twin.Count - 1, log.LastIndex.Value);
        Assert.Equal(twin.Sum(RaftLog.SizeOf), log.Bytes);
        for (var i = 0; i < twin.Count; i += 7)
        {
            Assert.Same(twin[i], log[new LogIndex(first + (ulong)i)]);
            var expected = twin.FindLastIndex(e => e.Term <= twin[i].Term);
            Assert.Equal(first + (ulong)expected, log.LastNotPast(new Term(twin[i].Term), log.LastIndex).Value);
        }
    }
}
