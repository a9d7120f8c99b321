using ThriftBreaker.Generator.Model;
using ThriftBreaker.Generator.Symbols;

namespace ThriftBreaker.Generator.Emission;

/// <summary>
/// Writes a member that is not a call, and is forwarded to the inner client: a property, an indexer or an event.
/// </summary>
internal static class ForwardedMemberWriter
{
    public static void Write(CodeWriter code, ForwardedModel member, ServiceModel service)
    {
        code.Line("/// <inheritdoc/>").Lines(member.Attributes);
        var inner = member.Parameters.Any(static parameter => parameter.Name == "_calls") ? "this._calls.Inner" : "_calls.Inner";
        var receiver = MethodText.Receiver(inner, member.DeclaringInterface, service);
        var name = Identifier.Escape(member.Name);
        var qualifier = member.Explicit ? member.DeclaringInterface + "." : "";
        var start = $"{(member.Explicit ? "" : "public ")}{(member.Kind == ForwardedKind.Event ? "event " : "")}{member.Type} {qualifier}";
        switch (member.Kind)
        {
            case ForwardedKind.Event:
                code.Line($"{start}{name} {{ add => {receiver}.{name} += value; remove => {receiver}.{name} -= value; }}");
                break;

            case ForwardedKind.Indexer:
                var arguments = string.Join(", ", member.Parameters.Select(static parameter => MethodText.Argument(parameter, Identifier.Escape(parameter.Name))));
                code.Line($"{start}this[{MethodText.Parameters(member.Parameters)}] {{{Accessors(member, $"{receiver}[{arguments}]")} }}");
                break;

            default:
                code.Line($"{start}{name} {{{Accessors(member, $"{receiver}.{name}")} }}");
                break;
        }
    }

    private static string Accessors(ForwardedModel member, string target)
    {
        var by = member.Type.StartsWith("ref ", StringComparison.Ordinal) ? "ref " : "";
        return (member.Getter is { } onGet ? $" {onGet}get => {by}{target};" : "") + (member.Setter is { } onSet ? $" {onSet}set => {target} = value;" : "");
    }
}
