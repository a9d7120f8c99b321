using System.Globalization;
using ThriftBreaker.Generator.Model;
using ThriftBreaker.Generator.Symbols;

namespace ThriftBreaker.Generator.Emission;

/// <summary>
/// The static lambda of a method, and the arguments that the invoker passes to it: 0 for none, one by itself, two or
/// three of a task method by themselves, more as a tuple.
/// </summary>
internal sealed class LambdaText
{
    private const int MostArgumentsOfTask = 3;

    private static readonly string[] NamesOfTuples = ["CompareTo", "Deconstruct", "Equals", "GetHashCode", "Rest", "ToString"];

    private readonly MethodModel _method;
    private readonly ParameterModel[] _carried;
    private readonly string _state;

    public LambdaText(MethodModel method, ServiceModel service)
    {
        _method = method;
        _carried = [.. method.Parameters.Where(parameter => parameter != Token || parameter.Kind == ParameterKind.NullableCancellationToken)];
        _state = MethodText.Local("state", method);

        // A parameter of the lambda may have the name of one of the method, but not of another one of the lambda.
        var receiver = MethodText.Local("service", method);
        var token = MethodText.Local("token", method);
        var call = MethodText.Call(receiver, method, service, parameter => parameter == Token ? TokenArgument(token) : Argument(parameter));
        string[] parameters = [receiver, .. IsTuple ? [_state] : _carried.Length == 0 ? ["_"] : _carried.Select(Name), method.CancellationToken is null ? "_" : token];

        Lambda = $"static ({string.Join(", ", parameters)}) => {call}{(MethodText.NeedsNotNull(method) ? "!" : "")}";
    }

    /// <summary>The lambda.</summary>
    public string Lambda { get; }

    /// <summary>The arguments between the method and the lambda.</summary>
    public string Arguments
        => _carried.Length == 0 ? "0"
            : IsTuple ? $"({string.Join(", ", _carried.Select(Element))})"
            : string.Join(", ", _carried.Select(Passed));

    /// <summary>
    /// The type arguments of the invoker's method. The compiler could infer them, but a quarter of the time to compile
    /// a client would be the inference: it binds the lambda for each candidate. A parameter that accepts null against
    /// its type is left to it, because the argument would not have the parameter's type.
    /// </summary>
    public string TypeArguments
    {
        get
        {
            if (_carried.Any(static parameter => parameter.Attributes.Contains(".AllowNull] ")))
            {
                return "";
            }

            var carried = _carried.Length == 0 ? "int"
                : IsTuple ? $"({string.Join(", ", _carried.Select(ElementDeclaration))})"
                : string.Join(", ", _carried.Select(PassedType));
            return _method.ResultType is { } result && _method.Returns != ReturnShape.Void ? $"<{carried}, {result}>" : $"<{carried}>";
        }
    }

    private ParameterModel? Token => _method.CancellationToken;

    private bool IsTuple => _carried.Length > (_method.Returns == ReturnShape.Task ? MostArgumentsOfTask : 1);

    /// <summary>
    /// The token of the lambda, which has the deadline of a channel too. The inner client gets null where the caller
    /// passed null, and nothing else can cancel the call.
    /// </summary>
    private string TokenArgument(string token)
        => Token!.Kind == ParameterKind.NullableCancellationToken
            ? $"{token}.CanBeCanceled ? {token} : {Argument(Token with { Passing = ArgumentPassing.Value })}"
            : MethodText.Argument(Token, token);

    /// <summary>The argument as the lambda has it, for the parameter of the method.</summary>
    private string Argument(ParameterModel parameter)
    {
        var value = IsTuple ? $"{_state}.{ElementName(parameter.Name)}" : Name(parameter);
        return TravelsAsObject(parameter) ? $"({parameter.Type}){value}" : MethodText.Argument(parameter, value);
    }

    /// <summary>The name in the lambda. Two underscores would be discards.</summary>
    private string Name(ParameterModel parameter)
        => parameter.Name == "_" ? MethodText.Local("argument", _method) : Identifier.Escape(parameter.Name);

    /// <summary>The argument of the invoker. A dynamic one would bind the whole call at run time.</summary>
    private static string Passed(ParameterModel parameter)
        => TravelsAsObject(parameter) || parameter.Kind == ParameterKind.Dynamic
            ? MethodText.AsObject(parameter.Type, Identifier.Escape(parameter.Name))
            : Identifier.Escape(parameter.Name);

    /// <summary>
    /// The element of the tuple: its name is that of the argument, unless the argument is cast or tuples reserve the
    /// name.
    /// </summary>
    private static string Element(ParameterModel parameter)
        => !TravelsAsObject(parameter) ? Identifier.Escape(parameter.Name)
            : IsOfTuples(parameter.Name) ? Passed(parameter)
            : $"{Identifier.Escape(parameter.Name)}: {Passed(parameter)}";

    private static string ElementDeclaration(ParameterModel parameter)
        => IsOfTuples(parameter.Name) ? PassedType(parameter) : $"{PassedType(parameter)} {Identifier.Escape(parameter.Name)}";

    /// <summary>The type of the argument as the invoker has it.</summary>
    private static string PassedType(ParameterModel parameter)
        => !TravelsAsObject(parameter) && parameter.Kind != ParameterKind.Dynamic ? parameter.Type
            : parameter.Type.EndsWith("?", StringComparison.Ordinal) ? "object?" : "object";

    private string ElementName(string name)
        => IsOfTuples(name)
            ? "Item" + (Array.FindIndex(_carried, parameter => parameter.Name == name) + 1).ToString(CultureInfo.InvariantCulture)
            : Identifier.Escape(name);

    private static bool TravelsAsObject(ParameterModel parameter) => parameter.Kind == ParameterKind.WithStaticMembers;

    private static bool IsOfTuples(string name) => NamesOfTuples.Contains(name, StringComparer.Ordinal) || name.StartsWith("Item", StringComparison.Ordinal);
}
