using Cluster.Lab.Faults;

namespace Cluster.Lab.Tests.Faults;

public sealed class BitFlipTests : IDisposable
{
    private const int RecordsAt = 4096;
    private const int Written = RecordsAt + 1000;

    private readonly string data = Directory.CreateTempSubdirectory("cluster-flip-").FullName;

    public void Dispose() => Directory.Delete(data, recursive: true);

    [Fact]
    public void One_bit_of_an_early_record_in_the_newest_file_flips()
    {
        var old = Log("0000000000000001.wal", Written);
        var before = File.ReadAllBytes(Log("0000000000000002.wal", Written));
        for (var seed = 0; seed < 50; seed++)
        {
            var flip = BitFlip.Make(data, new Random(seed));
            var after = File.ReadAllBytes(flip.File);
            var changed = Enumerable.Range(0, after.Length).Where(at => after[at] != before[at]).ToList();

            Assert.Equal([(int)flip.Offset], changed);
            Assert.Equal(1, int.PopCount(after[flip.Offset] ^ before[flip.Offset]));
            Assert.InRange(flip.Offset, RecordsAt, RecordsAt + 500);
            Assert.EndsWith("2.wal", flip.File, StringComparison.Ordinal);
            File.WriteAllBytes(flip.File, before);
        }

        Assert.DoesNotContain(File.ReadAllBytes(old), one => one is not (0 or 0x5A));
    }

    [Fact]
    public void Where_nothing_is_written_nothing_can_be_damaged()
    {
        Assert.Contains("there is no log", Assert.Throws<LabException>(() => BitFlip.Make(data, new Random(1))).Message, StringComparison.Ordinal);
        Log("0000000000000001.wal", RecordsAt);
        Assert.Contains("holds no records yet", Assert.Throws<LabException>(() => BitFlip.Make(data, new Random(1))).Message, StringComparison.Ordinal);
    }

    private string Log(string name, int written)
    {
        var path = Path.Combine(Directory.CreateDirectory(Path.Combine(data, "wal")).FullName, name);
        File.WriteAllBytes(path, [.. Enumerable.Repeat((byte)0x5A, written), .. new byte[3000]]);
        return path;
    }
}
