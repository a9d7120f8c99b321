using CsCheck;

namespace ThriftBreaker.Generator.Tests.RandomServices;

/// <summary>The kind of a member, or of its result.</summary>
internal enum MemberKind
{
    Nothing,
    Value,
    Reference,
    Task,
    TaskOfResult,
    ValueTask,
    ValueTaskOfResult,
    Stream,
    Property,
    Indexer,
    Event,
}

/// <summary>A parameter of a member.</summary>
internal sealed record RandomParameter(string Name, RandomType Type, string Modifier)
{
    private static readonly string[] Names =
        ["a", "b", "_calls", "service", "call", "argument", "error", "result", "Methods", "_", "state", "token", "@event", "Item1", "Rest"];

    public static Gen<RandomParameter> Any { get; } = Gen.Select(
        Pick.OneOf(Names), RandomType.ForParameter, Pick.OneOf("", "", "", "in ", "ref ", "out ", "ref readonly "), static (name, type, modifier) =>
            new RandomParameter(name, type, type.IsOnlyAValue ? "" : type.IsDynamic && modifier != "in " ? "" : modifier));

    /// <summary>The parameter for members that allow neither <c>ref</c> nor <c>out</c>.</summary>
    public RandomParameter Unwritten => Modifier is "ref " or "out " ? this with { Modifier = "" } : this;

    public bool IsWritten => Modifier is "ref " or "out ";
}

/// <summary>A member of an interface, with its implementation and a call of it.</summary>
internal sealed record RandomMember(MemberKind Kind, string Name, RandomType Result, RandomParameter[] Parameters, RandomConstraint Constraint, bool HasDefault)
{
    public static Gen<RandomMember> Any { get; } = Gen.Select(
        Gen.Enum<MemberKind>(),
        Pick.OneOf("Find", "Count", "Item", "CircuitBreaker", "Dispose", "Connect", "Methods", "ToString", "get_Count", "set_Item", "add_Count", "@class", "ticket"),
        RandomType.ForResult,
        RandomParameter.Any.Array[0, 4],
        RandomConstraint.Any,
        Gen.Bool,
        static (kind, name, result, parameters, constraint, hasDefault) => new RandomMember(kind, name, result, parameters, constraint, hasDefault).Legal());

    /// <summary>The names that the member occupies in its interface.</summary>
    public IEnumerable<string> Names => Kind switch
    {
        MemberKind.Property or MemberKind.Indexer => [Name, "get_" + Name, "set_" + Name],
        MemberKind.Event => [Name, "add_" + Name, "remove_" + Name],
        _ => [Name],
    };

    public string Declaration => Kind switch
    {
        MemberKind.Property => $"{Result.Text} {Name} {{ get; set; }}",
        MemberKind.Indexer => $"{Result.Text} this[{Declared(withDefault: true)}] {{ get; set; }}",
        MemberKind.Event => $"event Action<{Result.Text}>? {Name};",
        _ => $"{ReturnType} {Name}{TypeParameter}({Declared(withDefault: true)}){(IsGeneric ? Constraint.Text : "")};",
    };

    private bool IsGeneric => Kind < MemberKind.Property && (Result.MentionsTypeParameter || Parameters.Any(static parameter => parameter.Type.MentionsTypeParameter));

    private string TypeParameter => IsGeneric ? "<T>" : "";

    private string ReturnType => Kind switch
    {
        MemberKind.Nothing => "void",
        MemberKind.Value => Result.Text,
        MemberKind.Reference => "ref " + Result.Text,
        MemberKind.Task => "Task",
        MemberKind.TaskOfResult => $"Task<{Result.Text}>",
        MemberKind.ValueTask => "ValueTask",
        MemberKind.ValueTaskOfResult => $"ValueTask<{Result.Text}>",
        _ => $"IAsyncEnumerable<{Result.Text}>",
    };

    public string Implementation(string declaring)
    {
        var records = $"received.Add(\"{declaring}.{Name}\"{string.Concat(Parameters.Where(static parameter => parameter.Modifier != "out ").Select(static parameter => $" + \" {parameter.Name}=\" + {Shown(parameter)}"))});";
        var answer = Implemented(Result, 500);
        switch (Kind)
        {
            case MemberKind.Property or MemberKind.Indexer:
                var name = Kind == MemberKind.Property ? Name : $"this[{Declared(withDefault: false)}]";
                return $"{Result.Text} {declaring}.{name} {{ get {{ {records} return {answer}; }} set {{ {records} received.Add(Show.Format((object?)value)); }} }}";

            case MemberKind.Event:
                return $"event Action<{Result.Text}>? {declaring}.{Name} {{ add {{ {records} value!({answer}); }} remove {{ received.Add(\"removed\"); }} }}";
        }

        var writes = string.Concat(Parameters.Select((parameter, place) => parameter.IsWritten ? $" {parameter.Name} = {Implemented(parameter.Type, 100 + place)};" : ""));
        var ends = Kind switch
        {
            MemberKind.Nothing => "",
            MemberKind.Value => $"return {answer};",
            MemberKind.Reference => $"Cell<{Result.Text}>.Value = {answer}; return ref Cell<{Result.Text}>.Value;",
            MemberKind.Task => "return Task.CompletedTask;",
            MemberKind.TaskOfResult => $"return Task.FromResult<{Result.Text}>({answer});",
            MemberKind.ValueTask => "return default;",
            MemberKind.ValueTaskOfResult => $"return ValueTask.FromResult<{Result.Text}>({answer});",
            _ => $"return Items({answer}); static async IAsyncEnumerable<{Result.Text}> Items({Result.Text} item) {{ await Task.Yield(); yield return item; yield return item; }}",
        };
        var repeated = IsGeneric && (Result.Text == "T?" || Parameters.Any(static parameter => parameter.Type.Text == "T?")) ? Constraint.Repeated : "";
        return $"{ReturnType} {declaring}.{Name}{TypeParameter}({Declared(withDefault: false)}){repeated} {{ {records}{writes} {ends} }}";
    }

    public string Call(string declaring)
    {
        var service = $"(({declaring})service)";
        var variables = string.Concat(Parameters.Select((parameter, place) =>
            parameter.Modifier is "ref " or "ref readonly " ? $"{Called(parameter.Type)} p{place} = {Value(parameter.Type, place + 1)}; "
            : parameter.Modifier == "out " ? $"{Called(parameter.Type)} p{place}; "
            : ""));
        var arguments = string.Join(", ", Parameters.Select((parameter, place) => parameter.Modifier switch
        {
            "ref " or "out " => $"{parameter.Modifier}p{place}",
            "ref readonly " => $"in p{place}",
            _ => Value(parameter.Type, place + 1),
        }));
        switch (Kind)
        {
            case MemberKind.Property or MemberKind.Indexer:
                var target = Kind == MemberKind.Property ? $"{service}.{Name}" : $"{service}[{arguments}]";
                return $"{variables}returned.Add(Show.Format((object?){target})); {target} = {Value(Result, 600)};";

            case MemberKind.Event:
                return $"Action<{Result.Text}> handler = item => returned.Add(Show.Format((object?)item)); {service}.{Name} += handler; {service}.{Name} -= handler;";
        }

        var call = $"{service}.{Name}{(IsGeneric ? $"<{Constraint.Argument}>" : "")}({arguments})";
        var made = Kind switch
        {
            MemberKind.Nothing => $"{call};",
            MemberKind.Task or MemberKind.ValueTask => $"{call}.GetAwaiter().GetResult();",
            MemberKind.TaskOfResult or MemberKind.ValueTaskOfResult => $"returned.Add(Show.Format((object?){call}.GetAwaiter().GetResult()));",
            MemberKind.Stream => $"returned.Add(Show.Format(Show.All({call})));",
            _ => $"returned.Add(Show.Format((object?){call}));",
        };
        return variables + made + string.Concat(Parameters.Select(static (parameter, place) => parameter.IsWritten ? $" returned.Add(Show.Format((object?)p{place}));" : ""));
    }

    /// <summary>The member, changed where C# does not allow it.</summary>
    private RandomMember Legal()
    {
        var parameters = Parameters.DistinctBy(static parameter => parameter.Name);
        if (Kind is MemberKind.Stream or MemberKind.Indexer)
        {
            parameters = parameters.Select(static parameter => parameter.Unwritten);
        }

        if (Kind == MemberKind.Stream)
        {
            parameters = parameters.Where(static parameter => !parameter.Type.IsSpan);
        }

        if (Kind == MemberKind.Reference)
        {
            parameters = parameters.Select(static parameter => parameter.Type.IsDynamic ? parameter with { Modifier = "" } : parameter);
        }

        if (Kind >= MemberKind.Property)
        {
            parameters = parameters.Where(static parameter => !parameter.Type.MentionsTypeParameter);
        }

        return this with
        {
            Name = Kind == MemberKind.Indexer ? "Item" : Name,
            Parameters = Kind switch
            {
                MemberKind.Property or MemberKind.Event => [],
                MemberKind.Indexer => [new RandomParameter("first", Plain, ""), .. parameters],
                _ => [.. parameters],
            },
            Result = Kind is MemberKind.Nothing or MemberKind.Task or MemberKind.ValueTask || (Kind >= MemberKind.Property && Result.MentionsTypeParameter) ? Plain : Result,
        };
    }

    private static RandomType Plain { get; } = new("int", static number => $"{number}");

    private string Declared(bool withDefault)
        => string.Join(", ", Parameters.Select((parameter, place) =>
            $"{parameter.Modifier}{parameter.Type.Text} {parameter.Name}" +
            (withDefault && HasDefault && place > 0 && place == Parameters.Length - 1 && parameter is { Modifier: "", Type.Text: "int" or "string?" or "CancellationToken" or "T?" } ? " = default" : "")));

    private static string Shown(RandomParameter parameter)
        => parameter.Type.IsSpan ? $"{parameter.Name}.Length" : $"Show.Format((object?){parameter.Name})";

    /// <summary>A value inside of the method, where the type parameter is open.</summary>
    private string Implemented(RandomType type, int number) => type.MentionsTypeParameter ? $"(T)(object){Constraint.Value(number)}" : type.Value(number);

    /// <summary>A value at the call, where the type parameter has its argument.</summary>
    private string Value(RandomType type, int number) => type.MentionsTypeParameter ? Constraint.Value(number) : type.Value(number);

    private string Called(RandomType type) => type.MentionsTypeParameter ? type.Text.Replace("T", Constraint.Argument, StringComparison.Ordinal) : type.Text;
}
