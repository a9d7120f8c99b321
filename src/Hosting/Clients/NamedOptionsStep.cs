using System.Reflection;
using Microsoft.Extensions.Options;

namespace ThriftBreaker.Hosting.Clients;

/// <summary>Represents a step that creates or validates options of one name, to check the name.</summary>
/// <param name="Method">The method that registered the step.</param>
/// <param name="Name">The name of the options; empty for those without a name.</param>
internal sealed record NamedOptionsStep(string Method, string Name)
{
    /// <summary>
    /// The property with the name, by type. The types with dependencies have no common base class and no interface with
    /// that property.
    /// </summary>
    private static readonly Dictionary<Type, (PropertyInfo? Name, string Method)> Types = new()
    {
        [typeof(ConfigureNamedOptions<>)] = (typeof(ConfigureNamedOptions<>).GetProperty("Name"), "Configure"),
        [typeof(ConfigureNamedOptions<,>)] = (typeof(ConfigureNamedOptions<,>).GetProperty("Name"), "Configure"),
        [typeof(ConfigureNamedOptions<,,>)] = (typeof(ConfigureNamedOptions<,,>).GetProperty("Name"), "Configure"),
        [typeof(ConfigureNamedOptions<,,,>)] = (typeof(ConfigureNamedOptions<,,,>).GetProperty("Name"), "Configure"),
        [typeof(ConfigureNamedOptions<,,,,>)] = (typeof(ConfigureNamedOptions<,,,,>).GetProperty("Name"), "Configure"),
        [typeof(ConfigureNamedOptions<,,,,,>)] = (typeof(ConfigureNamedOptions<,,,,,>).GetProperty("Name"), "Configure"),
        [typeof(PostConfigureOptions<>)] = (typeof(PostConfigureOptions<>).GetProperty("Name"), "PostConfigure"),
        [typeof(PostConfigureOptions<,>)] = (typeof(PostConfigureOptions<,>).GetProperty("Name"), "PostConfigure"),
        [typeof(PostConfigureOptions<,,>)] = (typeof(PostConfigureOptions<,,>).GetProperty("Name"), "PostConfigure"),
        [typeof(PostConfigureOptions<,,,>)] = (typeof(PostConfigureOptions<,,,>).GetProperty("Name"), "PostConfigure"),
        [typeof(PostConfigureOptions<,,,,>)] = (typeof(PostConfigureOptions<,,,,>).GetProperty("Name"), "PostConfigure"),
        [typeof(PostConfigureOptions<,,,,,>)] = (typeof(PostConfigureOptions<,,,,,>).GetProperty("Name"), "PostConfigure"),
        [typeof(ValidateOptions<>)] = (typeof(ValidateOptions<>).GetProperty("Name"), "Validate"),
        [typeof(ValidateOptions<,>)] = (typeof(ValidateOptions<,>).GetProperty("Name"), "Validate"),
        [typeof(ValidateOptions<,,>)] = (typeof(ValidateOptions<,,>).GetProperty("Name"), "Validate"),
        [typeof(ValidateOptions<,,,>)] = (typeof(ValidateOptions<,,,>).GetProperty("Name"), "Validate"),
        [typeof(ValidateOptions<,,,,>)] = (typeof(ValidateOptions<,,,,>).GetProperty("Name"), "Validate"),
        [typeof(ValidateOptions<,,,,,>)] = (typeof(ValidateOptions<,,,,,>).GetProperty("Name"), "Validate"),
    };

    /// <summary>Gets whether the method has a variant for the options of all names.</summary>
    public bool HasVariantForAll => Method != "Validate";

    /// <summary>
    /// Gets the step that a service of the container is; null if it is none of .NET's, or applies to all names.
    /// </summary>
    public static NamedOptionsStep? Find(object service)
    {
        for (var type = service.GetType(); type is not null; type = type.BaseType)
        {
            if (type.IsGenericType && Types.TryGetValue(type.GetGenericTypeDefinition(), out var known))
            {
                // Unlike GetProperty(string), this works in a trimmed app: the property is referenced above.
                return known.Name is { } property && ((PropertyInfo)type.GetMemberWithSameMetadataDefinitionAs(property)).GetValue(service) is string name
                    ? new NamedOptionsStep(known.Method, name)
                    : null;
            }
        }

        return null;
    }
}
