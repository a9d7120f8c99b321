using ThriftBreaker.Generator.Diagnostics;
using ThriftBreaker.Generator.Model;

namespace ThriftBreaker.Generator.Parsing;

/// <summary>The result of the parse of one service.</summary>
/// <param name="Model">The model of its client; null if an error prevents the client.</param>
/// <param name="Errors">The errors.</param>
internal sealed record ParseResult(ServiceModel? Model, IReadOnlyList<ServiceDiagnostic> Errors);
