using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace ThriftBreaker;

/// <summary>
/// Provides circuit breakers by name, for code that needs one for each host, tenant or shard. Thread-safe. Names are
/// compared ordinally.
/// </summary>
/// <remarks>
/// <para>
/// It holds at most <see cref="CircuitBreakerRegistryOptions.MaxCircuitBreakers"/>. When it is full, adding one drops
/// those that have not been requested for <see cref="CircuitBreakerRegistryOptions.IdleAfter"/>: the closed ones or,
/// without such, the open and half-open ones that would let the next call probe. One that rejects calls, or whose mode
/// was changed manually, is never dropped. The registry uses no timer: nothing is dropped between two additions.
/// </para>
/// <para>
/// A circuit breaker that was dropped or removed continues to work for code that references it, but the next request
/// for its name gets another one. So request it at each use instead of keeping it: that costs one look-up and one
/// reading of the clock, and allocates nothing.
/// </para>
/// </remarks>
public sealed class CircuitBreakerRegistry
{
    private readonly ConcurrentDictionary<string, RegisteredCircuitBreaker> _entries = new(StringComparer.Ordinal);
    private readonly object _adding = new();
    private int _count;

    /// <summary>
    /// Initializes a new instance of the <see cref="CircuitBreakerRegistry"/> class with the default options.
    /// </summary>
    public CircuitBreakerRegistry()
        : this(new CircuitBreakerRegistryOptions())
    {
    }

    /// <summary>Initializes a new instance of the <see cref="CircuitBreakerRegistry"/> class.</summary>
    /// <param name="options">The options.</param>
    /// <exception cref="ArgumentNullException"><paramref name="options"/> is null.</exception>
    public CircuitBreakerRegistry(CircuitBreakerRegistryOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Options = options;
    }

    /// <summary>Gets the options.</summary>
    public CircuitBreakerRegistryOptions Options { get; }

    /// <summary>Gets the number of circuit breakers.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>
    /// Gets the circuit breakers that exist at this moment, in no order, as a copy that does not change.
    /// </summary>
    public IReadOnlyList<CircuitBreaker> CircuitBreakers => [.. _entries.Select(static entry => entry.Value.Created).OfType<CircuitBreaker>()];

    /// <summary>
    /// Gets the circuit breaker with this name, or adds one with the
    /// <see cref="CircuitBreakerRegistryOptions.Defaults"/>.
    /// </summary>
    /// <inheritdoc cref="GetOrAdd(string, Func{string, CircuitBreakerOptions})"/>
    public CircuitBreaker GetOrAdd(string name) => GetOrAdd(name, Options.Defaults);

    /// <summary>
    /// Gets the circuit breaker with this name, or adds one with these options. The options of an existing one do not
    /// change.
    /// </summary>
    /// <param name="name">The name: not empty or blank.</param>
    /// <param name="options">
    /// The options; their <see cref="CircuitBreakerOptions.Name"/> is replaced by <paramref name="name"/>.
    /// </param>
    /// <inheritdoc cref="GetOrAdd(string, Func{string, CircuitBreakerOptions})"/>
    public CircuitBreaker GetOrAdd(string name, CircuitBreakerOptions options)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(options);
        return TryGet(name, out var breaker) ? breaker : AddWith(name, options);
    }

    /// <summary>
    /// Gets the circuit breaker with this name, or adds one with the options of a factory. Of several threads that
    /// request it at the same time, one runs the factory, once, and the others wait for it. If it throws, all of them
    /// get the exception, and the next request tries again.
    /// </summary>
    /// <param name="name">The name: not empty or blank.</param>
    /// <param name="factory">
    /// Creates the options for the name; their Name is replaced by <paramref name="name"/>. It must not use this
    /// registry.
    /// </param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">
    /// The name is empty or blank, or two settings contradict each other.
    /// </exception>
    /// <exception cref="InvalidOperationException">
    /// The registry is full and no circuit breaker may be dropped; or the factory requested the same name, or returned
    /// null.
    /// </exception>
    public CircuitBreaker GetOrAdd(string name, Func<string, CircuitBreakerOptions> factory)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(factory);
        return TryGet(name, out var breaker) ? breaker : Add(name, factory);
    }

    /// <summary>Gets the circuit breaker with this name, if it exists. The request keeps it from being idle.</summary>
    /// <param name="name">The name.</param>
    /// <param name="circuitBreaker">The circuit breaker; null if the result is false.</param>
    /// <exception cref="ArgumentNullException"><paramref name="name"/> is null.</exception>
    public bool TryGet(string name, [NotNullWhen(true)] out CircuitBreaker? circuitBreaker)
    {
        if (_entries.TryGetValue(name, out var entry) && entry.Created is { } created && entry.TryRequest())
        {
            circuitBreaker = created;
            return true;
        }

        circuitBreaker = null;
        return false;
    }

    /// <summary>
    /// Removes the circuit breaker with this name, in any state. It continues to work for code that references it.
    /// </summary>
    /// <returns>False if there was none.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="name"/> is null.</exception>
    public bool Remove(string name) => _entries.TryGetValue(name, out var entry) && Forget(name, entry);

    /// <summary>
    /// A separate method, so that the captured variable is allocated only if the circuit breaker is added.
    /// </summary>
    private CircuitBreaker AddWith(string name, CircuitBreakerOptions options) => Add(name, _ => options);

    private CircuitBreaker Add(string name, Func<string, CircuitBreakerOptions> factory)
    {
        while (true)
        {
            var entry = Reserve(name, factory);
            try
            {
                var breaker = entry.CircuitBreaker;
                if (entry.TryRequest())
                {
                    return breaker;
                }
            }
            catch
            {
                _ = Forget(name, entry);
                throw;
            }
        }
    }

    /// <summary>
    /// Gets or adds the entry for a name. The circuit breaker is created later, outside of the lock, because the
    /// factory is user code.
    /// </summary>
    private RegisteredCircuitBreaker Reserve(string name, Func<string, CircuitBreakerOptions> factory)
    {
        lock (_adding)
        {
            if (_entries.TryGetValue(name, out var found))
            {
                return found;
            }

            if (!HasRoom)
            {
                DropIdle(includeOpen: false);
            }

            if (!HasRoom)
            {
                DropIdle(includeOpen: true);
            }

            if (!HasRoom)
            {
                throw new InvalidOperationException(string.Create(
                    CultureInfo.InvariantCulture,
                    $"No room for the circuit breaker '{name}': the registry holds its maximum of {Options.MaxCircuitBreakers:N0}, and none that may be dropped has been idle for {Options.IdleAfter.TotalSeconds:0.###} s. Raise MaxCircuitBreakers, or check that names come from a bounded set."));
            }

            var entry = new RegisteredCircuitBreaker(
                () => new CircuitBreaker((factory(name) ?? throw new InvalidOperationException($"The factory returned no options for the circuit breaker '{name}'.")) with { Name = name }),
                Options);
            _entries[name] = entry;
            Volatile.Write(ref _count, _count + 1);
            return entry;
        }
    }

    private bool HasRoom => _count < Options.MaxCircuitBreakers;

    private void DropIdle(bool includeOpen)
    {
        foreach (var (name, entry) in _entries)
        {
            if (entry.TryDrop(includeOpen))
            {
                _ = Forget(name, entry);
            }
        }
    }

    private bool Forget(string name, RegisteredCircuitBreaker entry)
    {
        lock (_adding)
        {
            if (!_entries.TryRemove(new(name, entry)))
            {
                return false;
            }

            Volatile.Write(ref _count, _count - 1);
            return true;
        }
    }
}
