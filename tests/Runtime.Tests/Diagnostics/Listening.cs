namespace ThriftBreaker.Runtime.Tests.Diagnostics;

/// <summary>
/// Tests with listeners. A meter exists once in a process, and other tests assert what calls cost without a listener:
/// these run after those.
/// </summary>
[CollectionDefinition(nameof(Listening), DisableParallelization = true)]
public sealed class Listening;
