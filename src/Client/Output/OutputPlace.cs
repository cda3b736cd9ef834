namespace Cluster.Client.Output;

/// <summary>Where a verb is to write. Looked at before anything is done: what takes long would else be for nothing, or its failure be taken for a verdict.</summary>
internal static class OutputPlace
{
    /// <exception cref="UsageException">The file cannot be written.</exception>
    public static void CheckFile(string option, string file)
    {
        var isNew = !File.Exists(file);
        try
        {
            using (new FileStream(file, FileMode.OpenOrCreate, FileAccess.Write))
            {
                // What stands there stays until there is something to be written.
            }

            if (isNew)
            {
                File.Delete(file);
            }
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{option} {file} cannot be written: {refused.Message}");
        }
    }

    /// <summary>Leaves no folder behind that was not there: what is refused for another reason leaves nothing.</summary>
    /// <exception cref="UsageException">It cannot be made.</exception>
    public static void CheckFolder(string option, string folder)
    {
        try
        {
            var made = new List<string>();
            for (var missing = Path.GetFullPath(folder); missing is not null && !Directory.Exists(missing); missing = Path.GetDirectoryName(missing))
            {
                made.Add(missing);
            }

            Directory.CreateDirectory(folder);
            made.ForEach(Directory.Delete);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{option} {folder} cannot be made: {refused.Message}");
        }
    }
}
