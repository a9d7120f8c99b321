using System.Reflection;
using Microsoft.CodeAnalysis;
using ThriftBreaker.Generator.Emission;
using ThriftBreaker.Generator.Parsing;
using ThriftBreaker.Generator.Tests.Harness;

namespace ThriftBreaker.Generator.Tests;

/// <summary>
/// The generator shares no code with the runtime, only names. These tests compare the names with the real assemblies.
/// </summary>
public sealed class RuntimeNamesTests
{
    private const string Root = "global::";

    private static readonly Compilation Libraries = new GeneratorInput().Compile();

    /// <summary>
    /// Generic types, by their metadata names; generated code uses the name without the number of type parameters.
    /// </summary>
    private static readonly Dictionary<string, string> Generic = new()
    {
        [RuntimeNames.CallInvoker] = RuntimeNames.CallInvoker + "`1",
        [RuntimeNames.GuardedCall] = RuntimeNames.GuardedCall + "`1",
        [RuntimeNames.ThriftService] = RuntimeNames.ThriftService + "`1",
        [RuntimeNames.ConnectingClient] = RuntimeNames.ConnectingClient + "`1",
        [Names.Func[Root.Length..]] = Names.Func[Root.Length..] + "`2",
    };

    public static TheoryData<string> NamesOfTheRuntime { get; } = [.. Constants(typeof(RuntimeNames))];

    public static TheoryData<string> NamesInGeneratedCode { get; } =
        [.. Constants(typeof(Names)).Where(static name => name.StartsWith(Root, StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(NamesOfTheRuntime))]
    public void RuntimeNameIsThatOfAPublicType(string name) => IsPublicType(name);

    [Theory]
    [MemberData(nameof(NamesInGeneratedCode))]
    public void NameInGeneratedCodeIsThatOfAPublicType(string name) => IsPublicType(name[Root.Length..]);

    /// <summary>
    /// Delegates and the clock are not constants, the name is that of the service or method, and call settings are not
    /// options of a circuit breaker.
    /// </summary>
    [Fact]
    public void AttributesHaveEveryOptionThatCanBeAConstant()
        => Assert.Equal(
            typeof(CircuitBreakerOptions).GetProperties()
                .Where(static option => option.Name != nameof(CircuitBreakerOptions.Name))
                .Where(static option => !typeof(Delegate).IsAssignableFrom(option.PropertyType) && option.PropertyType != typeof(TimeProvider))
                .Select(static option => option.Name + (IsTime(option.PropertyType) ? "Seconds" : ""))
                .Order(),
            typeof(CircuitBreakerSettingsAttribute).GetProperties()
                .Where(static setting => setting.DeclaringType == typeof(CircuitBreakerSettingsAttribute))
                .Select(static setting => setting.Name)
                .Where(static setting => !CallSettings.IsOne(setting))
                .Order());

    private static bool IsTime(Type type) => type == typeof(TimeSpan) || type == typeof(TimeSpan?);

    private static void IsPublicType(string name)
        => Assert.Equal(Accessibility.Public, Libraries.GetTypeByMetadataName(Generic.GetValueOrDefault(name, name))?.DeclaredAccessibility);

    private static IEnumerable<string> Constants(Type type)
        => type.GetFields(BindingFlags.Static | BindingFlags.Public).Select(static field => (string)field.GetRawConstantValue()!);
}
