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

    /// <summary>Makes the folder where there is none.</summary>
    /// <exception cref="UsageException">It cannot be made.</exception>
    public static void CheckFolder(string option, string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{option} {folder} cannot be made: {refused.Message}");
        }
    }
}
