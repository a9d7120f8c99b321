namespace ThriftBreaker.Integration.Tests.Servers;

/// <summary>The open sockets of this process.</summary>
internal static class Sockets
{
    private const string Descriptors = "/proc/self/fd";

    public static void SkipUnlessCountable() => Assert.SkipUnless(Directory.Exists(Descriptors), $"Sockets cannot be counted without {Descriptors}.");

    public static int Count()
        => Directory.EnumerateFileSystemEntries(Descriptors)
            .Count(static descriptor => new FileInfo(descriptor).LinkTarget?.StartsWith("socket:", StringComparison.Ordinal) == true);
}
