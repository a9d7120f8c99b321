using ThriftBreaker.Dashboard.Monitoring;

namespace ThriftBreaker.Dashboard.Endpoints;

/// <summary>Holds what was sent to one viewer.</summary>
internal sealed class ViewerState(TransitionHistory history)
{
    private readonly Dictionary<string, CircuitBreakerView> _sent = [];
    private long _lastTransition;
    private bool _isFirst = true;

    /// <summary>Returns the message that brings the viewer to this snapshot; null if nothing changed.</summary>
    public ViewerUpdate? GetUpdate(Snapshot snapshot)
    {
        var changed = snapshot.CircuitBreakers.Where(view => !_sent.TryGetValue(view.Id, out var sent) || !ReferenceEquals(view, sent)).ToArray();
        foreach (var view in changed)
        {
            _sent[view.Id] = view;
        }

        // _sent now holds every id of the snapshot, so equal counts mean that none was removed.
        var removed = _sent.Count == snapshot.CircuitBreakers.Count
            ? []
            : _sent.Keys.Except(snapshot.CircuitBreakers.Select(static view => view.Id)).ToArray();
        var transitions = history.GetAfter(_lastTransition);
        if (!_isFirst && changed is [] && removed is [] && transitions is [])
        {
            return null;
        }

        foreach (var id in removed)
        {
            _ = _sent.Remove(id);
        }

        _lastTransition = transitions is [.., var last] ? last.Number : _lastTransition;
        var update = new ViewerUpdate(snapshot.Now, _isFirst, changed, removed, transitions);
        _isFirst = false;
        return update;
    }
}
