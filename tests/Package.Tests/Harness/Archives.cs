using System.IO.Compression;

namespace ThriftBreaker.Package.Tests.Harness;

/// <summary>Extensions to read packages.</summary>
internal static class Archives
{
    /// <summary>Gets the paths of all files except those that every NuGet package has.</summary>
    public static IEnumerable<string> Files(this ZipArchive archive)
        => archive.Entries
            .Select(static entry => entry.FullName)
            .Where(static path => path is not ("[Content_Types].xml" or "_rels/.rels") && !path.StartsWith("package/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal);

    public static byte[] Bytes(this ZipArchive archive, string path)
    {
        using var content = archive.GetEntry(path)!.Open();
        using var copy = new MemoryStream();
        content.CopyTo(copy);
        return copy.ToArray();
    }

    public static string Text(this ZipArchive archive, string path)
    {
        using var content = new StreamReader(archive.GetEntry(path)!.Open());
        return content.ReadToEnd();
    }
}
