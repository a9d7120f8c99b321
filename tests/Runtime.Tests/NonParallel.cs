namespace ThriftBreaker.Runtime.Tests;

/// <summary>Tests that cannot run in parallel with others.</summary>
[CollectionDefinition(nameof(NonParallel), DisableParallelization = true)]
public sealed class NonParallel;
