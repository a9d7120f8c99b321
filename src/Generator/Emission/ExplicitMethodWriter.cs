using ThriftBreaker.Generator.Model;
using ThriftBreaker.Generator.Symbols;

namespace ThriftBreaker.Generator.Emission;

/// <summary>
/// Writes a method that no lambda can carry: enter, call the inner client, record the outcome. Thrift declares no such
/// methods.
/// </summary>
internal static class ExplicitMethodWriter
{
    public static void Write(CodeWriter code, MethodModel method, ServiceModel service)
    {
        if (method.CircuitBreakerIndex == 0)
        {
            code.Text($$"""
                {{MethodText.Header(method)}}
                {
                    {{LeaveContext(method)}}
                    {{(method.Returns == ReturnShape.Void ? "" : "return ")}}{{Ref(method)}}{{CallInner(method, service)}};
                }
                """);
            return;
        }

        switch (method.Returns)
        {
            case ReturnShape.Task or ReturnShape.ValueTask:
                WriteTask(code, method, service);
                break;

            case ReturnShape.Void:
                WriteVoid(code, method, service);
                break;

            default:
                WriteValue(code, method, service);
                break;
        }
    }

    private static void WriteVoid(CodeWriter code, MethodModel method, ServiceModel service)
    {
        var (call, error) = (MethodText.Local("call", method), MethodText.Local("error", method));
        code.Text($$"""
            {{MethodText.Header(method)}}
            {
                {{LeaveContext(method)}}
                if (!{{TryEnter(method, service)}})
                {
                    {{MethodText.Call($"{call}.GetRequiredFallback()", method, service)}};
                    return;
                }

                try
                {
                    {{CallInner(method, service)}};
                    {{call}}.Returned();
                }
                catch ({{Names.Exception}} {{error}})
                {
                    {{call}}.Failed({{error}});
                    throw;
                }
            }
            """);
    }

    private static void WriteValue(CodeWriter code, MethodModel method, ServiceModel service)
    {
        var (call, error, result) = (MethodText.Local("call", method), MethodText.Local("error", method), MethodText.Local("result", method));

        // The attributes apply to what the method returns, and not to the variable.
        var suppression = MethodText.HasAttributesOfResult(method) ? "!" : "";
        var recorded = method.ResultType is null ? "" : method.IsClassifiedAsObject ? MethodText.AsObject(method.ReturnType, result) : result;
        code.Text($$"""
            {{MethodText.Header(method)}}
            {
                {{LeaveContext(method)}}
                if (!{{TryEnter(method, service)}})
                {
                    return {{Ref(method)}}{{MethodText.Call($"{call}.GetRequiredFallback()", method, service)}};
                }

                try
                {
                    {{method.ReturnModifier}}{{method.ReturnType}} {{result}} = {{Ref(method)}}{{CallInner(method, service)}}{{suppression}};
                    {{call}}.Returned({{recorded}});
                    return {{Ref(method)}}{{result}};
                }
                catch ({{Names.Exception}} {{error}})
                {
                    {{call}}.Failed({{error}});
                    throw;
                }
            }
            """);
    }

    private static void WriteTask(CodeWriter code, MethodModel method, ServiceModel service)
    {
        var (call, error) = (MethodText.Local("call", method), MethodText.Local("error", method));
        var ofResult = method.ResultType is { } awaited ? $"<{awaited}>" : "";
        var (wrap, end) = method.Returns == ReturnShape.ValueTask ? ($"new {method.ReturnType}(", ")") : ("", "");

        // A method that fails in its task returns nevertheless, and must assign its out parameters.
        var assignments = string.Concat(method.Parameters
            .Where(static parameter => parameter.Passing == ArgumentPassing.Out)
            .Select(static parameter => $"{Identifier.Escape(parameter.Name)} = default!;\n    "));
        code.Text($$"""
            {{MethodText.Header(method)}}
            {
                {{assignments}}{{LeaveContext(method)}}
                if (!{{TryEnter(method, service)}})
                {
                    return {{call}}.Fallback == null ? {{wrap}}{{call}}.Reject{{ofResult}}(){{end}} : {{MethodText.Call($"{call}.Fallback", method, service)}};
                }

                try
                {
                    return {{call}}.Observe({{CallInner(method, service)}}{{(MethodText.NeedsNotNull(method) ? "!" : "")}});
                }
                catch ({{Names.Exception}} {{error}})
                {
                    return {{wrap}}{{call}}.Fail{{ofResult}}({{error}}){{end}};
                }
            }
            """);
    }

    /// <summary>The type of the variable is explicit: contracts may call a type <c>var</c>.</summary>
    private static string LeaveContext(MethodModel method)
        => $"using {Names.CallerContext} {MethodText.Local("context", method)} = {MethodText.Field("_calls", method)}.LeaveContext();";

    /// <inheritdoc cref="LeaveContext"/>
    private static string TryEnter(MethodModel method, ServiceModel service)
        => $"{MethodText.Field("_calls", method)}.TryEnter({MethodText.Description(method, service)}, {MethodText.Token(method)}, out {Names.GuardedCall}<{service.InnerInterface}> {MethodText.Local("call", method)})";

    private static string CallInner(MethodModel method, ServiceModel service)
        => MethodText.Call($"{MethodText.Field("_calls", method)}.Inner", method, service);

    private static string Ref(MethodModel method) => method.ReturnModifier.Length > 0 ? "ref " : "";
}
