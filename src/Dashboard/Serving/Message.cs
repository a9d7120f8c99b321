using ThriftBreaker.Dashboard.Circuits;

namespace ThriftBreaker.Dashboard.Serving;

/// <summary>What the page is told at a time: what has changed since it was told last.</summary>
/// <param name="Now">The server's Unix time in milliseconds.</param>
/// <param name="Whole">Whether this is all there is, and the page forgets what it knew beside: the first message after each connect.</param>
/// <param name="Circuits">The circuits that are new or look otherwise.</param>
/// <param name="Gone">The ids of those that are no more.</param>
/// <param name="Transitions">The changes of state since the last message.</param>
internal sealed record Message(long Now, bool Whole, IReadOnlyList<CircuitView> Circuits, IReadOnlyList<string> Gone, IReadOnlyList<Transition> Transitions);

/// <summary>What one viewer has been told.</summary>
internal sealed class ViewerState(TransitionHistory history)
{
    private readonly Dictionary<string, CircuitView> _circuits = [];
    private long _transition;
    private bool _isFirst = true;

    /// <summary>What to tell of this picture; null for nothing.</summary>
    public Message? GetUpdate(Snapshot picture)
    {
        var changed = picture.CircuitBreakers.Where(circuit => !_circuits.TryGetValue(circuit.Id, out var told) || !ReferenceEquals(circuit, told)).ToArray();
        foreach (var circuit in changed)
        {
            _circuits[circuit.Id] = circuit;
        }

        // All that there are have been told of now: only where there are more, some are gone.
        var gone = _circuits.Count == picture.CircuitBreakers.Count ? [] : _circuits.Keys.Except(picture.CircuitBreakers.Select(static circuit => circuit.Id)).ToArray();
        var transitions = history.After(_transition);
        if (!_isFirst && changed is [] && gone is [] && transitions is [])
        {
            return null;
        }

        foreach (var id in gone)
        {
            _ = _circuits.Remove(id);
        }

        _transition = transitions is [.., var last] ? last.Number : _transition;
        var message = new Message(picture.Now, _isFirst, changed, gone, transitions);
        _isFirst = false;
        return message;
    }
}
