using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Mvc;
using ThriftBreaker.Dashboard.Monitoring;

namespace ThriftBreaker.Dashboard.Endpoints;

/// <summary>Provides the JSON serialization of the page and its API, without reflection.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(CircuitBreakerView))]
[JsonSerializable(typeof(Transition))]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(ProblemDetails))]
internal sealed partial class DashboardJson : JsonSerializerContext;
