using ThriftBreaker.Generator.Model;

namespace ThriftBreaker.Generator.Emission;

/// <summary>
/// Writes one guarded method: enter, call, verdict. No async, no lambda, no closure: a call that is done at once costs two
/// reads and allocates nothing, and the original exception reaches the caller with its stack.
/// </summary>
internal static class GuardedMethodWriter
{
    public static void Write(CodeWriter code, MethodModel method, ServiceModel service)
    {
        code.Line("/// <inheritdoc/>");
        foreach (var attribute in method.Attributes)
        {
            code.Line(attribute);
        }

        if (method.Guard is not { } guard)
        {
            var by = method.ReturnModifier.Length > 0 ? "ref " : "";
            code.Line(MethodText.Header(method))
                .Line($"    => {by}{MethodText.Call(MethodText.Field("_inner", method), method, service)};");
            return;
        }

        var text = new GuardedMethodText(method, guard, service);
        switch (method.Returns)
        {
            case ReturnShape.Task or ReturnShape.ValueTask:
                TaskMethodWriter.Write(code, text);
                break;

            case ReturnShape.Stream:
                StreamMethodWriter.Write(code, text, service);
                break;

            default:
                SynchronousMethodWriter.Write(code, text);
                break;
        }
    }
}
