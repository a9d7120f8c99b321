using ThriftBreaker.Generator.Model;

namespace ThriftBreaker.Generator.Emission;

/// <summary>Writes a guarded method that returns a stream. The call is the reading of it, so the arguments wait in the stream.</summary>
internal static class StreamMethodWriter
{
    public static void Write(CodeWriter code, GuardedMethodText text, ServiceModel service)
    {
        var method = text.Method;
        var client = MethodText.Local("client", method);
        var state = MethodText.Local("state", method);
        var token = MethodText.Local("token", method);
        var carried = new CarriedArguments(method.Parameters.Where(parameter => parameter.Name != method.CancellationToken));
        var call = MethodText.Call(client, method, service, parameter =>
            parameter.Name == method.CancellationToken ? MethodText.Argument(parameter, token) : carried.Argument(parameter, state));

        // A stream that may be null is its author's choice; reading a null one is a failed call.
        var mayBeNull = method.ReturnType.EndsWith("?", StringComparison.Ordinal) ? "!" : "";
        code.Line(MethodText.Header(method))
            .Line($"    => {text.Guard}.Enumerate({text.Inner}, {text.Fallback}, {carried.State}, static ({client}, {state}, {token}) => {call}{mayBeNull}, {text.Contract}, {text.Token});");
    }
}
