using Cluster.Engine.Storage;

namespace Cluster.Engine.Tests.Storage;

/// <summary>What every <see cref="IDisk"/> must do; each implementation's tests inherit it.</summary>
public abstract class DiskCompliance
{
    protected abstract IDisk Disk { get; }

    [Fact]
    public void What_was_written_at_an_offset_is_read_at_that_offset()
    {
        using var file = Disk.Open("a", DiskMode.Create);
        file.WriteAt(0, "hello world"u8);
        file.WriteAt(6, "there"u8);
        file.Flush();

        var bytes = new byte[20];
        Assert.Equal(11, file.ReadAt(0, bytes));
        Assert.Equal("hello there"u8.ToArray(), bytes[..11]);
        Assert.Equal(2, file.ReadAt(9, bytes));
        Assert.Equal(0, file.ReadAt(11, bytes));
        Assert.Equal(0, file.ReadAt(500, bytes));
        Assert.Equal(11, file.Length);
    }

    [Fact]
    public void A_write_past_the_end_leaves_zeros_before_it()
    {
        using var file = Disk.Open("a", DiskMode.Create);
        file.WriteAt(5, "x"u8);

        var bytes = new byte[6];
        Assert.Equal(6, file.ReadAt(0, bytes));
        Assert.Equal(new byte[] { 0, 0, 0, 0, 0, (byte)'x' }, bytes);
    }

    [Fact]
    public void A_preallocated_file_has_its_length_and_reads_as_zeros()
    {
        using var file = Disk.Open("a", DiskMode.Create, preallocateBytes: 10_000);
        var bytes = new byte[10_001];
        bytes.AsSpan().Fill(7);

        Assert.Equal(10_000, file.Length);
        Assert.Equal(10_000, file.ReadAt(0, bytes));
        Assert.Equal(-1, bytes.AsSpan(0, 10_000).IndexOfAnyExcept((byte)0));
    }

    [Fact]
    public void Truncation_cuts_and_lengthens_with_zeros()
    {
        using var file = Disk.Open("a", DiskMode.Create);
        file.WriteAt(0, "abcdef"u8);
        file.Truncate(2);
        file.Truncate(4);

        var bytes = new byte[8];
        Assert.Equal(4, file.ReadAt(0, bytes));
        Assert.Equal(new byte[] { (byte)'a', (byte)'b', 0, 0 }, bytes[..4]);
    }

    [Fact]
    public void Creating_over_a_file_empties_it()
    {
        Write("a", "old"u8);
        Disk.Open("a", DiskMode.Create).Dispose();

        Assert.Equal("", Read("a"));
    }

    [Fact]
    public void A_missing_file_is_an_error_for_every_mode_but_create()
    {
        Assert.Throws<FileNotFoundException>(() => Disk.Open("missing", DiskMode.Read));
        Assert.Throws<FileNotFoundException>(() => Disk.Open("missing", DiskMode.ReadWrite));
        Assert.False(Disk.Exists("missing"));
    }

    [Fact]
    public void A_folder_must_be_made_before_a_file_in_it()
    {
        Assert.Throws<DirectoryNotFoundException>(() => Disk.Open("x/y/a", DiskMode.Create));
        Disk.CreateFolder("x/y");
        Disk.CreateFolder("x/y");
        Write("x/y/a", "1"u8);

        Assert.Equal("1", Read("x/y/a"));
    }

    [Fact]
    public void Listing_tells_files_and_folders_in_ordinal_order_and_nothing_below()
    {
        Disk.CreateFolder("f/sub");
        Write("f/b", "12"u8);
        Write("f/a", "1"u8);
        Write("f/B", ""u8);
        Write("f/sub/c", "123"u8);

        Assert.Equal(
            [new DiskEntry("f/B", false, 0), new DiskEntry("f/a", false, 1), new DiskEntry("f/b", false, 2), new DiskEntry("f/sub", true, 0)],
            Disk.List("f"));
        Assert.Equal([new DiskEntry("f", true, 0)], Disk.List(""));
        Assert.Empty(Disk.List("nowhere"));
    }

    [Fact]
    public void A_rename_replaces_and_leaves_nothing_under_the_old_name()
    {
        Write("a", "new"u8);
        Write("b", "old"u8);
        Disk.Rename("a", "b");
        Disk.SyncFolder("");

        Assert.False(Disk.Exists("a"));
        Assert.Equal("new", Read("b"));
        Assert.Throws<FileNotFoundException>(() => Disk.Rename("a", "c"));
    }

    [Fact]
    public void A_rename_stays_within_its_folder()
    {
        Disk.CreateFolder("f");
        Write("a", "1"u8);

        Assert.Throws<ArgumentException>(() => Disk.Rename("a", "f/a"));
    }

    [Fact]
    public void A_deleted_file_is_gone_and_deleting_it_again_is_no_error()
    {
        Write("a", "1"u8);
        Disk.Delete("a");
        Disk.Delete("a");

        Assert.False(Disk.Exists("a"));
    }

    [Fact]
    public void An_open_file_stays_readable_after_its_deletion()
    {
        Write("a", "still here"u8);
        using var file = Disk.Open("a", DiskMode.Read);
        Disk.Delete("a");

        var bytes = new byte[10];
        Assert.Equal(10, file.ReadAt(0, bytes));
    }

    [Theory]
    [InlineData("../a")]
    [InlineData("f/../../a")]
    [InlineData("/etc/passwd")]
    [InlineData("a//b")]
    [InlineData("a/")]
    [InlineData(".hidden")]
    [InlineData("a b")]
    [InlineData("a\0")]
    [InlineData("a\\b")]
    [InlineData("")]
    public void A_name_that_could_leave_the_directory_is_refused(string name)
    {
        Assert.Throws<ArgumentException>(() => Disk.Open(name, DiskMode.Create));
        Assert.Throws<ArgumentException>(() => Disk.Exists(name));
        Assert.Throws<ArgumentException>(() => Disk.Delete(name));
    }

    [Fact]
    public void A_lock_is_held_once_and_names_its_holder()
    {
        using (Disk.TryLock("lock", "pid 1 on host a", out var holder))
        {
            Assert.Equal("pid 1 on host a", holder);
            Assert.Null(Disk.TryLock("lock", "pid 2 on host b", out holder));
            Assert.Equal("pid 1 on host a", holder);
        }

        using var again = Disk.TryLock("lock", "pid 2 on host b", out _);
        Assert.NotNull(again);
    }

    [Fact]
    public void A_preallocation_larger_than_the_disk_is_refused_and_leaves_no_file()
    {
        Assert.True(Disk.FreeBytes > 0);
        var error = Assert.Throws<DiskFullException>(() => Disk.Open("huge", DiskMode.Create, preallocateBytes: 1L << 60));

        Assert.Equal(1L << 60, error.BytesNeeded);
        Assert.False(Disk.Exists("huge"));
    }

    private void Write(string name, ReadOnlySpan<byte> bytes)
    {
        using var file = Disk.Open(name, DiskMode.Create);
        file.WriteAt(0, bytes);
        file.Flush();
    }

    private string Read(string name)
    {
        using var file = Disk.Open(name, DiskMode.Read);
        var bytes = new byte[file.Length];
        Assert.Equal(bytes.Length, file.ReadAt(0, bytes));
        return System.Text.Encoding.ASCII.GetString(bytes);
    }
}
