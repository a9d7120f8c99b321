namespace ThriftBreaker.Package.Tests.Harness;

/// <summary>What a project is built with, in MSBuild's words.</summary>
internal sealed record Settings(string Frameworks, string Language, string Nullable);
