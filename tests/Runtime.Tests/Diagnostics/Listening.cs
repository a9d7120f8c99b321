namespace ThriftBreaker.Runtime.Tests.Telemetry;

/// <summary>
/// Tests that listen. A meter belongs to the whole process, and other tests assert what calls cost while nobody listens: these run
/// when those are through.
/// </summary>
[CollectionDefinition(nameof(Listening), DisableParallelization = true)]
public sealed class Listening;
