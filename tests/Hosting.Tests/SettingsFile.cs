using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Primitives;

namespace ThriftBreaker.Hosting.Tests;

/// <summary>Provides one settings file, which the test replaces. The configuration reads it at once.</summary>
internal sealed class SettingsFile(string content) : IFileProvider
{
    public const string Name = "settings.json";

    private string? _content = content;
    private ConfigurationReloadToken _token = new();

    /// <summary>Replaces the content; null deletes the file.</summary>
    public void Write(string? content)
    {
        _content = content;
        try
        {
            Interlocked.Exchange(ref _token, new ConfigurationReloadToken()).OnReload();
        }
        catch (AggregateException error) when (error.InnerException is InvalidDataException)
        {
            // A file that cannot be read has no values from now on. The thread of a file watcher ignores the exception.
        }
    }

    public IFileInfo GetFileInfo(string subpath) => _content is null ? new NotFoundFileInfo(Name) : new Content(_content);

    public IChangeToken Watch(string filter) => _token;

    public IDirectoryContents GetDirectoryContents(string subpath) => NotFoundDirectoryContents.Singleton;

    private sealed class Content(string text) : IFileInfo
    {
        public bool Exists => true;

        public bool IsDirectory => false;

        public DateTimeOffset LastModified => default;

        public long Length => Encoding.UTF8.GetByteCount(text);

        public string Name => SettingsFile.Name;

        public string? PhysicalPath => null;

        public Stream CreateReadStream() => new MemoryStream(Encoding.UTF8.GetBytes(text));
    }
}
