using System.Diagnostics;

namespace ThriftBreaker;

/// <summary>The client span of one RPC, after OpenTelemetry's conventions; nothing without listeners.</summary>
/// <remarks>If a listener or a sampler throws, the span is lost; the call continues.</remarks>
internal readonly struct RpcSpan : IDisposable
{
    private readonly Activity? _activity;

    private RpcSpan(Activity? activity) => _activity = activity;

    public static bool IsWanted => CallTraces.IsWanted;

    public static RpcSpan Start(ThriftMethod method, string host, int port)
    {
        // Set at the start, so that samplers get them.
        List<KeyValuePair<string, object?>> tags =
        [
            new(TelemetryNames.RpcSystem, TelemetryNames.Thrift),
            new(TelemetryNames.RpcMethod, method.QualifiedName),
            new(TelemetryNames.ServerAddress, host),
        ];
        if (port != 0)
        {
            tags.Add(new(TelemetryNames.ServerPort, port));
        }

        // No circuit breaker is known here to report an exception to.
        return new RpcSpan(UserCallback.Invoke(
            (method, tags), static span => CallTraces.Start(span.method.QualifiedName, ActivityKind.Client, span.tags), fallback: null, report: null));
    }

    /// <summary>
    /// Records the exception of the call. Always false: for an exception filter, which does not catch it.
    /// </summary>
    public bool Failed(Exception error)
    {
        _activity?.SetTag(TelemetryNames.ErrorType, TelemetryNames.GetErrorType(error)).SetStatus(ActivityStatusCode.Error, error.Message);
        return false;
    }

    public void Dispose()
    {
        if (_activity is { } activity)
        {
            UserCallback.TryInvoke(activity, static activity => activity.Dispose(), report: null);
        }
    }
}
