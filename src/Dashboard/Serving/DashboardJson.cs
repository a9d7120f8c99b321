using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Mvc;
using ThriftBreaker.Dashboard.Circuits;

namespace ThriftBreaker.Dashboard.Serving;

/// <summary>The JSON of the page and of its API, written without reflection.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(Message))]
[JsonSerializable(typeof(ApiAnswer))]
[JsonSerializable(typeof(CircuitView))]
[JsonSerializable(typeof(ProblemDetails))]
internal sealed partial class DashboardJson : JsonSerializerContext;

/// <summary>What <c>GET …/api</c> answers.</summary>
/// <param name="Now">The server's Unix time in milliseconds.</param>
/// <param name="Operations">Whether circuits can be steered.</param>
/// <param name="Circuits">All circuits, by name.</param>
/// <param name="Transitions">The changes of the last hour, oldest first.</param>
internal sealed record ApiAnswer(long Now, bool Operations, IReadOnlyList<CircuitView> Circuits, IReadOnlyList<Transition> Transitions);
