using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using ThriftBreaker.Generator.Diagnostics.Usage;

namespace ThriftBreaker.CodeFixes.Guarding;

/// <summary>The server that a Thrift client speaks to, where all that its connection is made of can be seen.</summary>
/// <param name="Host">The host's name.</param>
/// <param name="Port">The port.</param>
/// <param name="Transport">A member of <c>ThriftTransport</c>; null for the default.</param>
/// <param name="Protocol">A member of <c>ThriftProtocol</c>; null for the default.</param>
/// <param name="Parts">The variables that hold parts of the connection.</param>
internal sealed record KnownEndpoint(ExpressionSyntax Host, ExpressionSyntax Port, string? Transport, string? Protocol, IReadOnlyList<ILocalSymbol> Parts)
{
    public static KnownEndpoint? Of(IObjectCreationOperation client)
    {
        var parts = new List<ILocalSymbol>();
        if (client.Arguments.Length != 1 || Made(client.Arguments[0].Value, parts) is not { } speaks ||
            Explicit(speaks) is not { Length: 1 } carrier || Made(carrier[0].Value, parts) is not { } carries)
        {
            return null;
        }

        // A socket without a buffer around it sends the same bytes.
        var isSocket = carries.Type?.Name == "TSocketTransport";
        var socket = isSocket ? carries : carries.Arguments.FirstOrDefault() is { } inside ? Made(inside.Value, parts) : null;
        if (socket is null || !IsOfThrift(speaks) || !IsOfThrift(carries) || !IsPlain(socket) ||
            ValueOf(socket, "host") is not { Type.SpecialType: SpecialType.System_String, Syntax: ExpressionSyntax host } || ValueOf(socket, "port")?.Syntax is not ExpressionSyntax port ||
            !(parts.Count == 0 || (IsStable(host) && IsStable(port))))
        {
            return null;
        }

        var transport = carries.Type?.Name switch
        {
            "TSocketTransport" or "TBufferedTransport" => (true, null),
            "TFramedTransport" => (true, "Framed"),
            _ => (false, (string?)null),
        };
        var spoken = speaks.Type?.Name switch
        {
            "TBinaryProtocol" => (true, null),
            "TCompactProtocol" => (true, "Compact"),
            "TJsonProtocol" => (true, "Json"),
            _ => (false, (string?)null),
        };
        return transport.Item1 && spoken.Item1 ? new KnownEndpoint(host, port, transport.Item2, spoken.Item2, parts) : null;
    }

    /// <summary>How a value is made, here or where the variable that holds it is declared.</summary>
    private static IObjectCreationOperation? Made(IOperation value, List<ILocalSymbol> parts)
    {
        var bare = KnownValue.Bare(value);
        if (bare is ILocalReferenceOperation { Local: var local } && KnownValue.OnlyValueOf(local, KnownValue.RootOf(bare)) is { } source)
        {
            parts.Add(local);
            bare = KnownValue.Bare(source);
        }

        return bare is IObjectCreationOperation { Initializer: null } creation ? creation : null;
    }

    /// <summary>Whether a socket has no settings that would be lost.</summary>
    private static bool IsPlain(IObjectCreationOperation socket)
        => IsOfThrift(socket) && socket.Type?.Name == "TSocketTransport" && socket.Arguments.All(static argument => argument.Parameter?.Name switch
        {
            "host" or "port" or "connectClient" => true,
            "timeout" => argument.Value.ConstantValue is { HasValue: true, Value: 0 },
            _ => KnownValue.Bare(argument.Value) is { ConstantValue: { HasValue: true, Value: null } } or IDefaultValueOperation
                or IObjectCreationOperation { Type.Name: "TConfiguration", Arguments.IsEmpty: true, Initializer: null },
        });

    private static bool IsOfThrift(IObjectCreationOperation creation)
        => creation.Type?.ContainingNamespace.ToDisplayString() is "Thrift.Protocol" or "Thrift.Transport" or "Thrift.Transport.Client";

    private static IOperation? ValueOf(IObjectCreationOperation creation, string parameter)
        => creation.Arguments.FirstOrDefault(argument => argument.Parameter?.Name == parameter)?.Value is { } value ? KnownValue.Bare(value) : null;

    /// <summary>The arguments that are written. A buffer's size, the only other one of a transport, is a matter of speed.</summary>
    private static IArgumentOperation[] Explicit(IObjectCreationOperation creation)
        => [.. creation.Arguments.Where(static argument => argument.ArgumentKind == ArgumentKind.Explicit)];

    /// <summary>Whether an expression means the same some lines further down.</summary>
    private static bool IsStable(ExpressionSyntax expression)
        => expression is LiteralExpressionSyntax or IdentifierNameSyntax or ThisExpressionSyntax ||
            (expression is MemberAccessExpressionSyntax member && IsStable(member.Expression));
}
