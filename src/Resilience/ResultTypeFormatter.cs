using Microsoft.Extensions.Options;
using Polly;
using Polly.Telemetry;

namespace ThriftBreaker.Resilience;

/// <summary>
/// Sets what Polly logs as the result of a Thrift call: its type. Polly logs the result of each attempt and of each
/// call at the level Information, and a Thrift struct would be logged with all of its fields. A formatter of the user
/// stays, as does Polly's for other pipelines.
/// </summary>
internal sealed class ResultTypeFormatter : IPostConfigureOptions<TelemetryOptions>
{
    public void PostConfigure(string? name, TelemetryOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var other = options.ResultFormatter;
        if (other == new TelemetryOptions().ResultFormatter)
        {
            options.ResultFormatter = (context, result) => IsThriftCall(context) ? result?.GetType().ToString() : other(context, result);
        }
    }

    private static bool IsThriftCall(ResilienceContext context) => context.Properties.TryGetValue(PollyPipeline.Method, out _);
}
