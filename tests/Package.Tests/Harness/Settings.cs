namespace ThriftBreaker.Package.Tests.Harness;

/// <summary>The build settings of a project, as MSBuild values.</summary>
internal sealed record Settings(string Frameworks, string Language, string Nullable);
