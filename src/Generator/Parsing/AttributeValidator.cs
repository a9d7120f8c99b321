using Microsoft.CodeAnalysis;
using ThriftBreaker.Generator.Diagnostics;
using ThriftBreaker.Generator.Symbols;

namespace ThriftBreaker.Generator.Parsing;

/// <summary>
/// Errors in the arguments of one attribute. The client is generated without those arguments: one mistake is one error.
/// </summary>
internal static class AttributeValidator
{
    /// <summary>
    /// Gets the errors of all attributes of a service that are in a file; in any file where none is given.
    /// </summary>
    public static IEnumerable<ServiceDiagnostic> Validate(ServiceDeclaration service, SyntaxTree? file = null)
        => service.Attributes.Concat(service.MethodAttributes)
            .Where(attribute => file is null || attribute.File == file)
            .SelectMany(attribute => Validate(attribute, service));

    private static IEnumerable<ServiceDiagnostic> Validate(ServiceAttribute attribute, ServiceDeclaration service)
        => OutOfRange(attribute).Concat(NotExceptions(attribute, service)).Concat(IsForMethod(attribute) ? OfMethod(attribute, service) : OfService(attribute, service));

    private static IEnumerable<ServiceDiagnostic> OfService(ServiceAttribute attribute, ServiceDeclaration service)
        => attribute == service.Attribute
            ? ContradictionRules.Find(attribute.Values).Select(contradiction => Conflict(attribute, contradiction))
            : [ServiceDiagnostic.On(
                attribute.Data,
                ServiceDiagnostic.ServiceArgument,
                DiagnosticDescriptors.DuplicateAttribute,
                service.Type.Name,
                "and only the first one applies; write all its settings in that one")];

    private static IEnumerable<ServiceDiagnostic> OutOfRange(ServiceAttribute attribute)
        => from setting in attribute.Values
           let range = SettingRules.Violation(setting.Key, setting.Value)
           where range is not null
           select ServiceDiagnostic.On(
               attribute.Data, setting.Key, DiagnosticDescriptors.SettingOutOfRange, setting.Key, SettingRules.Show(setting.Value), range);

    private static IEnumerable<ServiceDiagnostic> NotExceptions(ServiceAttribute attribute, ServiceDeclaration service)
        => from setting in attribute.Settings
           where setting.Value.Kind == TypedConstantKind.Array
           from entry in setting.Value.IsNull ? [setting.Value] : setting.Value.Values.AsEnumerable()
           let obstacle = ExceptionListValidator.Obstacle(entry, service)
           where obstacle is not null
           select ServiceDiagnostic.On(
               attribute.Data, setting.Key, DiagnosticDescriptors.NotAnException, setting.Key, ExceptionListValidator.Show(entry), obstacle);

    private static IEnumerable<ServiceDiagnostic> OfMethod(ServiceAttribute attribute, ServiceDeclaration service)
    {
        if (MethodAttributeValidator.Obstacle(attribute, service) is { } obstacle)
        {
            return [ServiceDiagnostic.On(attribute.Data, ServiceDiagnostic.MethodArgument, DiagnosticDescriptors.MethodAttributeNotApplied, obstacle)];
        }

        return (attribute.Bypasses ? ContradictionRules.FindForBypass(attribute.Settings.Select(static setting => setting.Key)) : AddedContradictions(attribute, service))
            .Select(contradiction => Conflict(attribute, contradiction));
    }

    /// <summary>
    /// Gets the contradictions of the service's settings with the method's, without those of the service's settings
    /// alone.
    /// </summary>
    private static IEnumerable<Contradiction> AddedContradictions(ServiceAttribute attribute, ServiceDeclaration service)
    {
        var ofService = service.Attribute?.Values ?? new Dictionary<string, object>();
        var known = ContradictionRules.Find(ofService).Select(static contradiction => contradiction.Message).ToArray();
        var together = ofService.Where(setting => !attribute.Values.ContainsKey(setting.Key)).Concat(attribute.Values)
            .ToDictionary(static setting => setting.Key, static setting => setting.Value, StringComparer.Ordinal);
        return ContradictionRules.Find(together).Where(contradiction => !known.Contains(contradiction.Message, StringComparer.Ordinal));
    }

    private static ServiceDiagnostic Conflict(ServiceAttribute attribute, Contradiction contradiction)
        => ServiceDiagnostic.On(
            attribute.Data, contradiction.Settings.FirstOrDefault(attribute.Values.ContainsKey), DiagnosticDescriptors.ConflictingSettings, contradiction.Message);

    private static bool IsForMethod(ServiceAttribute attribute) => TypeText.Is(attribute.Data.AttributeClass, RuntimeNames.MethodAttribute);
}
