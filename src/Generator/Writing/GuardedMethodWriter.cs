using ThriftBreaker.Generator.Model;
using ThriftBreaker.Generator.Reading;

namespace ThriftBreaker.Generator.Writing;

/// <summary>
/// Writes one guarded method: enter, call, verdict. No async, no lambda, no closure: a call that is done at once costs two
/// reads and allocates nothing, and the original exception reaches the caller with its stack.
/// </summary>
internal static class GuardedMethodWriter
{
    public static void Write(CodeWriter code, MethodModel method, ServiceModel service)
    {
        code.Line("/// <inheritdoc/>");
        if (method.Obsolete is { } obsolete)
        {
            code.Line(obsolete);
        }

        var inner = Call("_inner", method, service);
        if (method.Breaker is null)
        {
            code.Line(MethodText.Header(method)).Line($"    => {inner};");
            return;
        }

        var breaker = MethodText.Field(method.Breaker, method);
        var ticket = MethodText.Local("ticket", method);
        var error = MethodText.Local("error", method);
        var token = MethodText.Token(method);
        var contract = $"{MethodText.Nested("Methods", service.GuardedName, method)}.{Identifier.Escape(method.ContractField)}";
        var fallback = MethodText.Field("_fallback", method);
        var noFallback = $"{fallback} is null" + (method.CancellationToken is null ? "" : $" || {token}.IsCancellationRequested");
        var failed = $"{breaker}, ref {ticket}, {error}, {contract}, {token}";

        code.Open(MethodText.Header(method))
            .Open($"if (!{Names.GuardedCall}.TryEnter({breaker}, {contract}, {token}, out {Names.Ticket} {ticket}))");
        switch (method.Returns)
        {
            case ReturnShape.Task or ReturnShape.ValueTask:
                var ofResult = method.ResultType is { } awaited ? $"<{awaited}>" : "";
                var (wrap, end) = method.Returns == ReturnShape.ValueTask ? ($"new {method.ReturnType}(", ")") : ("", "");

                // A task that may be null is its author's choice; a null one counts as a failed call.
                var observed = method.ReturnType.EndsWith("?", StringComparison.Ordinal) ? inner + "!" : inner;
                code.Line($"return {noFallback}")
                    .Line($"    ? {wrap}{Names.GuardedCall}.Reject{ofResult}({breaker}, {token}){end}")
                    .Line($"    : {Call("_fallback", method, service)};")
                    .Close()
                    .Line()
                    .Open("try")
                    .Line($"return {Names.GuardedCall}.Observe({breaker}, ref {ticket}, {observed}, {contract}, {token});")
                    .Close()
                    .Open($"catch ({Names.Exception} {error})")
                    .Line($"return {wrap}{Names.GuardedCall}.Fail{ofResult}({failed}){end};")
                    .Close();
                break;

            case ReturnShape.Value:
                var result = MethodText.Local("result", method);
                code.Line($"return {noFallback}")
                    .Line($"    ? throw {Names.GuardedCall}.Rejection({breaker}, {token})")
                    .Line($"    : {Call("_fallback", method, service)};")
                    .Close()
                    .Line()
                    .Open("try")
                    .Line($"{method.ReturnType} {result} = {inner};")
                    .Line($"{Names.GuardedCall}.Returned(ref {ticket}, {contract}{(method.ResultType is null ? "" : $", {result}")});")
                    .Line($"return {result};");
                CloseWithFilter();
                break;

            default:
                code.Open($"if ({noFallback})")
                    .Line($"throw {Names.GuardedCall}.Rejection({breaker}, {token});")
                    .Close()
                    .Line()
                    .Line($"{Call("_fallback", method, service)};")
                    .Line("return;")
                    .Close()
                    .Line()
                    .Open("try")
                    .Line($"{inner};")
                    .Line($"{Names.GuardedCall}.Returned(ref {ticket}, {contract});");
                CloseWithFilter();
                break;
        }

        code.Close();

        void CloseWithFilter()
            => code.Close()
                .Open($"catch ({Names.Exception} {error}) when ({Names.GuardedCall}.Failed({failed}))")
                .Line($"throw {Names.GuardedCall}.Tripped({breaker}, {error});")
                .Close();
    }

    /// <summary>The call of what a field holds, through the interface that declares the method: two bases of the service may have methods of the same name.</summary>
    private static string Call(string field, MethodModel method, ServiceModel service)
    {
        var target = MethodText.Field(field, method);
        var receiver = method.DeclaringInterface == service.InnerInterface ? target : $"(({method.DeclaringInterface}){target})";
        return $"{receiver}.{Identifier.Escape(method.Name)}({MethodText.Arguments(method)})";
    }
}
