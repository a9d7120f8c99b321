using System.Diagnostics;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Security.Authentication;
using Thrift;
using Thrift.Transport;

namespace ThriftBreaker;

/// <summary>
/// The exceptions of requests that could not be written: a null in a list, a union without a value, a collection that
/// another thread changes. They are about the arguments of the caller, and nothing was asked of the service.
/// </summary>
internal static class RequestErrors
{
    private static readonly ConditionalWeakTable<Exception, object?> Known = [];

    /// <summary>
    /// Adds an exception that a channel has seen while a request was written. The exception itself stays as it is.
    /// </summary>
    public static void Add(Exception error) => Known.AddOrUpdate(error, null);

    /// <summary>
    /// Whether a channel has seen the exception, or the reason inside of it, while a request was written.
    /// </summary>
    public static bool IsKnown(Exception error)
    {
        var reason = error;
        while (reason is not null && !Known.TryGetValue(reason, out _))
        {
            reason = reason.InnerException;
        }

        return reason is not null;
    }

    /// <summary>
    /// Whether the stack of the exception, or of the reason inside of it, contains the writing of the arguments. So it
    /// is known for inner clients too.
    /// </summary>
    public static bool IsOfArguments(Exception error, ThriftMethod? method)
    {
        var reason = error;
        while (reason is not null && !IsOfTransport(reason) && !WasThrownByArguments(reason, method))
        {
            reason = reason.InnerException;
        }

        return reason is not null && !IsOfTransport(reason);
    }

    /// <summary>
    /// Whether this is an exception of transports. For the usual failures of a service, no stack is searched.
    /// </summary>
    private static bool IsOfTransport(Exception error) => error
        is TTransportException or IOException or SocketException or HttpRequestException or AuthenticationException
        or TimeoutException or OperationCanceledException or ObjectDisposedException or TApplicationException;

    private static bool WasThrownByArguments(Exception error, ThriftMethod? method)
    {
        // From the innermost frame on: an exception of a transport has passed its frames first.
        foreach (var frame in new StackTrace(error, fNeedFileInfo: false).GetFrames())
        {
            if (Describe(frame) is not var (type, name))
            {
                continue;
            }

            if (IsTransport(type))
            {
                return false;
            }

            if (IsArgumentsOf(GetWriter(type, name), method))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Gets the full name of the frame's type and the name of its method; null if it is not known.</summary>
#if NET9_0_OR_GREATER
    private static (string Type, string Method)? Describe(StackFrame frame)
        => DiagnosticMethodInfo.Create(frame) is { DeclaringTypeName: { } type, Name: var name } ? (type, name) : null;
#else
    [System.Diagnostics.CodeAnalysis.UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "A trimmed method only loses its name, and then it is not known.")]
    private static (string Type, string Method)? Describe(StackFrame frame)
        => frame.GetMethod() is { DeclaringType.FullName: { } type, Name: var name } ? (type, name) : null;
#endif

    private static bool IsTransport(string type)
        => type.StartsWith("Thrift.Transport.", StringComparison.Ordinal) ||
           type.StartsWith("System.Net.", StringComparison.Ordinal) ||
           type.StartsWith("System.IO.", StringComparison.Ordinal);

    /// <summary>
    /// Gets the name of the type whose <c>WriteAsync</c> this is, which the compiler can turn into a nested type;
    /// empty for any other method.
    /// </summary>
    private static ReadOnlySpan<char> GetWriter(ReadOnlySpan<char> type, string method)
    {
        const string StateMachine = "+<WriteAsync>";
        var end = type.IndexOf(StateMachine, StringComparison.Ordinal);
        return end >= 0 ? GetName(type[..end])
            : method == "WriteAsync" ? GetName(type)
            : default;
    }

    private static ReadOnlySpan<char> GetName(ReadOnlySpan<char> type) => type[(type.LastIndexOfAny('+', '.') + 1)..];

    /// <summary>
    /// The Thrift compiler calls the struct of a method's arguments <c>add_args</c>, or <c>addArgs</c>.
    /// </summary>
    private static bool IsArgumentsOf(ReadOnlySpan<char> type, ThriftMethod? method)
    {
        const string New = "_args";
        const string Old = "Args";
        var suffix = type.EndsWith(New, StringComparison.Ordinal) ? New : type.EndsWith(Old, StringComparison.Ordinal) ? Old : null;
        return suffix is not null && (method is null || type[..^suffix.Length].Equals(method.Name, StringComparison.OrdinalIgnoreCase));
    }
}
