using System.Diagnostics;

namespace ThriftBreaker;

/// <summary>The client span of one RPC, after OpenTelemetry's conventions; nothing when nobody wants it.</summary>
/// <remarks>A listener or a sampler that throws loses its span; the call goes on.</remarks>
internal readonly struct RpcSpan : IDisposable
{
    private readonly Activity? _activity;

    private RpcSpan(Activity? activity) => _activity = activity;

    public static bool IsWanted => CallTraces.IsWanted;

    public static RpcSpan Start(ThriftMethod method, string host, int port)
    {
        // Given at the start, where samplers see them.
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

        Activity? activity = null;
        Try(() => activity = CallTraces.Start(method.QualifiedName, ActivityKind.Client, tags));
        return new RpcSpan(activity);
    }

    /// <summary>Notes what the call threw. Always false: made for an exception filter, which leaves the exception alone.</summary>
    public bool Failed(Exception error)
    {
        _activity?.SetTag(TelemetryNames.ErrorType, TelemetryNames.Of(error)).SetStatus(ActivityStatusCode.Error, error.Message);
        return false;
    }

    public void Dispose()
    {
        if (_activity is { } activity)
        {
            Try(activity.Dispose);
        }
    }

    private static void Try(Action step)
    {
        try
        {
            step();
        }
#pragma warning disable CA1031 // A listener is a guest: whatever it throws must not change the call that it traces.
        catch (Exception)
#pragma warning restore CA1031
        {
            // There is no circuit here to report it to.
        }
    }
}
