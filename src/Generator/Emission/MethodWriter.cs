using ThriftBreaker.Generator.Model;

namespace ThriftBreaker.Generator.Emission;

/// <summary>Writes a method: one line that passes a static lambda to the invoker.</summary>
internal static class MethodWriter
{
    public static void Write(CodeWriter code, MethodModel method, ServiceModel service)
    {
        code.Line("/// <inheritdoc/>").Lines(method.Attributes);

        // Over a channel there is no inner client that an explicit body could call; all methods of such a service fit.
        if (!method.FitsLambda && service.Channel is null)
        {
            ExplicitMethodWriter.Write(code, method, service);
            return;
        }

        var call = method.Returns switch
        {
            ReturnShape.Task => "CallAsync",
            ReturnShape.ValueTask => "CallValueAsync",
            ReturnShape.Stream => "Enumerate",
            _ => "Call",
        };
        var lambda = new LambdaText(method, service);
        var suppression = MethodText.HasAttributesOfResult(method) ? "!" : "";
        code.Text($"""
            {MethodText.Header(method)}
                => {MethodText.Field("_calls", method)}.{call}{lambda.TypeArguments}({MethodText.Description(method, service)}, {lambda.Arguments}, {lambda.Lambda}, {MethodText.Token(method)}){suppression};
            """);
    }
}
