namespace Cluster.Client.Interactive;

/// <summary>Where a history outlives the console: <c>~/.lab_history</c>, readable by its owner only, or the file that <c>LAB_HISTORY</c> names; an empty name keeps none. What cannot be read or written is no reason to stop.</summary>
internal sealed class HistoryFile(string? path)
{
    private const string FileName = ".lab_history";

    /// <summary>A history of this size is none of ours.</summary>
    private const int MostBytes = 4 * 1024 * 1024;

    public static HistoryFile OfUser()
    {
        var named = Environment.GetEnvironmentVariable("LAB_HISTORY");
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        return new HistoryFile(named is { Length: 0 } ? null : named ?? (home.Length > 0 ? Path.Combine(home, FileName) : null));
    }

    public LineHistory Read()
    {
        var history = new LineHistory();
        try
        {
            if (path is not null && new FileInfo(path) is { Exists: true, Length: <= MostBytes })
            {
                foreach (var line in File.ReadLines(path))
                {
                    history.Add(line);
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Then the console begins without.
        }

        return history;
    }

    /// <summary>Writes the whole history anew: it is short, and so the file never grows beyond it.</summary>
    public void Write(LineHistory history)
    {
        if (path is null)
        {
            return;
        }

        try
        {
            var aside = path + ".new";
            var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            using (var writer = new StreamWriter(aside, options))
            {
                foreach (var line in history.Lines)
                {
                    writer.WriteLine(line);
                }
            }

            File.Move(aside, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A read-only home keeps no history.
        }
    }
}
