using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using ThriftBreaker.Analyzers;

namespace ThriftBreaker.CodeFixes.Guarding;

/// <summary>The server of a Thrift client, where the code shows all parts of the connection.</summary>
/// <param name="Host">The host's name.</param>
/// <param name="Port">The port.</param>
/// <param name="Transport">A member of <c>ThriftTransport</c>; null for the default.</param>
/// <param name="Protocol">A member of <c>ThriftProtocol</c>; null for the default.</param>
/// <param name="Parts">The variables with parts of the connection.</param>
internal sealed record KnownEndpoint(ExpressionSyntax Host, ExpressionSyntax Port, string? Transport, string? Protocol, IReadOnlyList<ILocalSymbol> Parts)
{
    public static KnownEndpoint? From(IObjectCreationOperation client)
    {
        var parts = new List<ILocalSymbol>();
        if (client.Arguments.Length != 1 || Made(client.Arguments[0].Value, parts) is not { } protocolCreation ||
            Explicit(protocolCreation) is not { Length: 1 } arguments || Made(arguments[0].Value, parts) is not { } transportCreation)
        {
            return null;
        }

        // A socket without a buffer around it sends the same bytes.
        var isSocket = transportCreation.Type?.Name == "TSocketTransport";
        var socket = isSocket ? transportCreation : transportCreation.Arguments.FirstOrDefault() is { } inside ? Made(inside.Value, parts) : null;
        if (socket is null || !IsOfThrift(protocolCreation) || !IsOfThrift(transportCreation) || !IsPlain(socket) ||
            ValueOf(socket, "host") is not { Type.SpecialType: SpecialType.System_String, Syntax: ExpressionSyntax host } || ValueOf(socket, "port")?.Syntax is not ExpressionSyntax port ||
            !(parts.Count == 0 || (IsStable(host) && IsStable(port))))
        {
            return null;
        }

        var transport = transportCreation.Type?.Name switch
        {
            "TSocketTransport" or "TBufferedTransport" => (true, null),
            "TFramedTransport" => (true, "Framed"),
            _ => (false, (string?)null),
        };
        var protocol = protocolCreation.Type?.Name switch
        {
            "TBinaryProtocol" => (true, null),
            "TCompactProtocol" => (true, "Compact"),
            "TJsonProtocol" => (true, "Json"),
            _ => (false, (string?)null),
        };
        return transport.Item1 && protocol.Item1 ? new KnownEndpoint(host, port, transport.Item2, protocol.Item2, parts) : null;
    }

    /// <summary>Gets the creation of a value, here or in the declaration of its variable.</summary>
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

    /// <summary>Whether a socket has only settings that an endpoint has.</summary>
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

    /// <summary>
    /// Gets the explicit arguments. The size of a buffer, the only default of a transport, affects speed alone.
    /// </summary>
    private static IArgumentOperation[] Explicit(IObjectCreationOperation creation)
        => [.. creation.Arguments.Where(static argument => argument.ArgumentKind == ArgumentKind.Explicit)];

    /// <summary>Whether an expression has the same value in a later statement.</summary>
    private static bool IsStable(ExpressionSyntax expression)
        => expression is LiteralExpressionSyntax or IdentifierNameSyntax or ThisExpressionSyntax ||
            (expression is MemberAccessExpressionSyntax member && IsStable(member.Expression));
}
