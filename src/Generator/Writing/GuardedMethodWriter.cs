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
        var breaker = MethodText.Field("_breaker", method);
        var inner = MethodText.Field("_inner", method);
        var ticket = MethodText.Local("ticket", method);
        var error = MethodText.Local("error", method);
        var token = MethodText.Token(method);
        var contract = $"{MethodText.Nested("Methods", service.GuardedName, method)}.{Identifier.Escape(method.ContractField)}";

        // Through the interface that declares it: two bases of the service may have methods of the same name.
        var receiver = method.DeclaringInterface == service.InnerInterface ? inner : $"(({method.DeclaringInterface}){inner})";
        var call = $"{receiver}.{Identifier.Escape(method.Name)}({MethodText.Arguments(method)})";
        var failed = $"{breaker}, ref {ticket}, {error}, {contract}, {token}";

        code.Line("/// <inheritdoc/>");
        if (method.Obsolete is { } obsolete)
        {
            code.Line(obsolete);
        }

        code.Open(MethodText.Header(method));
        switch (method.Returns)
        {
            case ReturnShape.Task or ReturnShape.ValueTask:
                var ofResult = method.ResultType is { } awaited ? $"<{awaited}>" : "";
                var (wrap, end) = method.Returns == ReturnShape.ValueTask ? ($"new {method.ReturnType}(", ")") : ("", "");

                // A task that may be null is its author's choice; a null one counts as a failed call.
                var observed = method.ReturnType.EndsWith("?", StringComparison.Ordinal) ? call + "!" : call;
                code.Open($"if (!{Names.GuardedCall}.TryEnter({breaker}, {token}, out {Names.Ticket} {ticket}))")
                    .Line($"return {wrap}{Names.GuardedCall}.Reject{ofResult}({breaker}, {token}){end};")
                    .Close()
                    .Line()
                    .Open("try")
                    .Line($"return {Names.GuardedCall}.Observe({breaker}, ref {ticket}, {observed}, {contract}, {token});")
                    .Close()
                    .Open($"catch ({Names.Exception} {error})")
                    .Line($"return {wrap}{Names.GuardedCall}.Fail{ofResult}({failed}){end};")
                    .Close();
                break;

            default:
                var result = MethodText.Local("result", method);
                var returnsValue = method.Returns == ReturnShape.Value;
                code.Line($"{Names.Ticket} {ticket} = {Names.GuardedCall}.Enter({breaker}, {token});")
                    .Open("try")
                    .Line($"{(returnsValue ? $"{method.ReturnType} {result} = " : "")}{call};")
                    .Line($"{Names.GuardedCall}.Returned(ref {ticket}, {contract});");
                if (returnsValue)
                {
                    code.Line($"return {result};");
                }

                code.Close()
                    .Open($"catch ({Names.Exception} {error}) when ({Names.GuardedCall}.Failed({failed}))")
                    .Line($"throw {Names.GuardedCall}.Tripped({breaker}, {error});")
                    .Close();
                break;
        }

        code.Close();
    }
}
