using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace ThriftBreaker;

/// <summary>
/// Circuits by name, for code that does not know beforehand which it will need: one per host, tenant or shard. Thread-safe; names
/// are compared by ordinal.
/// </summary>
/// <remarks>
/// <para>
/// It holds at most <see cref="CircuitBreakerRegistryOptions.MaxCircuits"/>. When it is full, adding one drops those that have not been asked
/// for during <see cref="CircuitBreakerRegistryOptions.IdleAfter"/>: the closed ones, and where there is none, those open and half-open ones that
/// would let the next call probe. One that rejects calls, or was put into another mode by hand, is never dropped. It owns no timer: nothing is
/// dropped between two additions.
/// </para>
/// <para>
/// A circuit that was dropped or removed goes on working for those who hold it, but the next who asks for its name gets another
/// one. So ask for it at each use rather than keep it: a circuit that is there costs one look-up and one look at the clock, and
/// allocates nothing.
/// </para>
/// </remarks>
public sealed class CircuitBreakerRegistry
{
    private readonly ConcurrentDictionary<string, RegisteredCircuitBreaker> _places = new(StringComparer.Ordinal);
    private readonly object _adding = new();
    private int _count;

    /// <summary>Creates an empty registry with the default settings.</summary>
    public CircuitBreakerRegistry()
        : this(new CircuitBreakerRegistryOptions())
    {
    }

    /// <summary>Creates an empty registry.</summary>
    /// <param name="options">The settings.</param>
    /// <exception cref="ArgumentNullException"><paramref name="options"/> is null.</exception>
    public CircuitBreakerRegistry(CircuitBreakerRegistryOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Options = options;
    }

    /// <summary>The settings.</summary>
    public CircuitBreakerRegistryOptions Options { get; }

    /// <summary>How many circuits there are.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>The circuits that there are at this moment, in no order; a list of its own, which does not change.</summary>
    public IReadOnlyList<CircuitBreaker> CircuitBreakers => [.. _places.Select(static place => place.Value.Made).OfType<CircuitBreaker>()];

    /// <summary>The circuit of this name; where there is none, one with the <see cref="CircuitBreakerRegistryOptions.Defaults"/>.</summary>
    /// <inheritdoc cref="GetOrAdd(string, Func{string, CircuitBreakerOptions})"/>
    public CircuitBreaker GetOrAdd(string name) => GetOrAdd(name, Options.Defaults);

    /// <summary>The circuit of this name; where there is none, one with these settings. The settings of one that is there stay as they are.</summary>
    /// <param name="name">The name: not empty or blank.</param>
    /// <param name="options">The settings; their <see cref="CircuitBreakerOptions.Name"/> is replaced by <paramref name="name"/>.</param>
    /// <inheritdoc cref="GetOrAdd(string, Func{string, CircuitBreakerOptions})"/>
    public CircuitBreaker GetOrAdd(string name, CircuitBreakerOptions options)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(options);
        return TryGet(name, out var circuit) ? circuit : AddWith(name, options);
    }

    /// <summary>
    /// The circuit of this name; where there is none, one with the settings that the factory gives. Of all that ask at the same time, one
    /// runs the factory, once, and the others wait for it. When it throws, those get its exception, and the next who asks tries again.
    /// </summary>
    /// <param name="name">The name: not empty or blank.</param>
    /// <param name="factory">Gives the settings for the name; the Name among them is replaced by <paramref name="name"/>. It must not use this registry.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">The name is empty or blank, or two settings contradict each other.</exception>
    /// <exception cref="InvalidOperationException">The registry is full and no circuit may be dropped; or the factory asked for the same name, or gave null.</exception>
    public CircuitBreaker GetOrAdd(string name, Func<string, CircuitBreakerOptions> factory)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(factory);
        return TryGet(name, out var circuit) ? circuit : Add(name, factory);
    }

    /// <summary>The circuit of this name, if there is one; asking for it keeps it from being idle.</summary>
    /// <param name="name">The name.</param>
    /// <param name="circuit">The circuit; null when the answer is false.</param>
    /// <exception cref="ArgumentNullException"><paramref name="name"/> is null.</exception>
    public bool TryGet(string name, [NotNullWhen(true)] out CircuitBreaker? circuit)
    {
        if (_places.TryGetValue(name, out var place) && place.Made is { } made && place.TryAskFor())
        {
            circuit = made;
            return true;
        }

        circuit = null;
        return false;
    }

    /// <summary>Forgets the circuit of this name, whatever its state; it goes on working for those who hold it.</summary>
    /// <returns>Whether there was one.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="name"/> is null.</exception>
    public bool Remove(string name) => _places.TryGetValue(name, out var place) && Forget(name, place);

    /// <summary>A method of its own: the captured variable would be allocated where the circuit is there, too.</summary>
    private CircuitBreaker AddWith(string name, CircuitBreakerOptions options) => Add(name, _ => options);

    private CircuitBreaker Add(string name, Func<string, CircuitBreakerOptions> factory)
    {
        while (true)
        {
            var place = Reserve(name, factory);
            try
            {
                var circuit = place.Circuit;
                if (place.TryAskFor())
                {
                    return circuit;
                }
            }
            catch
            {
                _ = Forget(name, place);
                throw;
            }
        }
    }

    /// <summary>A place for the name, the one that there is or a new one. The circuit is made later, outside the lock: the factory is the user's.</summary>
    private RegisteredCircuitBreaker Reserve(string name, Func<string, CircuitBreakerOptions> factory)
    {
        lock (_adding)
        {
            if (_places.TryGetValue(name, out var found))
            {
                return found;
            }

            if (!HasRoom)
            {
                DropIdle(evenOpen: false);
            }

            if (!HasRoom)
            {
                DropIdle(evenOpen: true);
            }

            if (!HasRoom)
            {
                throw new InvalidOperationException(string.Create(
                    CultureInfo.InvariantCulture,
                    $"No room for the circuit '{name}': the registry holds its maximum of {Options.MaxCircuits:N0}, and none that may be dropped has been idle for {Options.IdleAfter.TotalSeconds:0.###} s. Raise MaxCircuits, or check that names come from a bounded set."));
            }

            var place = new RegisteredCircuitBreaker(
                () => new CircuitBreaker((factory(name) ?? throw new InvalidOperationException($"The factory gave no settings for the circuit '{name}'.")) with { Name = name }),
                Options);
            _places[name] = place;
            Volatile.Write(ref _count, _count + 1);
            return place;
        }
    }

    private bool HasRoom => _count < Options.MaxCircuits;

    private void DropIdle(bool evenOpen)
    {
        foreach (var (name, place) in _places)
        {
            if (place.TryDrop(evenOpen))
            {
                _ = Forget(name, place);
            }
        }
    }

    private bool Forget(string name, RegisteredCircuitBreaker place)
    {
        lock (_adding)
        {
            if (!_places.TryRemove(new(name, place)))
            {
                return false;
            }

            Volatile.Write(ref _count, _count - 1);
            return true;
        }
    }
}
