using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Polly;
using Polly.Registry;
using Polly.Telemetry;
using ThriftBreaker.Hosting;
using ThriftBreaker.Resilience;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds Polly resilience pipelines to clients.</summary>
public static class ThriftClientResilienceExtensions
{
    /// <summary>
    /// Adds a pipeline around the client: <c>pipeline => pipeline.AddRetry(new ThriftRetryStrategyOptions())</c>. The
    /// circuit breaker is inside, and counts every attempt. Calls through the interface of the service use the
    /// pipeline; calls through the client's own type do not.
    /// </summary>
    /// <remarks>
    /// The name of the pipeline in the container's registry is <c>thrift-</c> and the client's name. Its clock is the
    /// container's <see cref="TimeProvider"/>, if there is one. Polly measures and logs it; the log has the type of a
    /// result and not its content, unless the app sets Polly's <see cref="TelemetryOptions.ResultFormatter"/>.
    /// <see cref="ResilienceContext.OperationKey"/> is the method: <c>Calculator/add</c>.
    /// </remarks>
    /// <param name="builder">The client.</param>
    /// <param name="configure">Adds the strategies, starting with the outermost.</param>
    /// <returns>The client.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static IThriftClientBuilder UseResiliencePipeline(this IThriftClientBuilder builder, Action<ResiliencePipelineBuilder> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configure);
        var name = $"thrift-{builder.Name}";
        builder.Services.AddResiliencePipeline(name, (pipeline, context) =>
        {
            pipeline.TimeProvider = context.ServiceProvider.GetService<TimeProvider>() ?? pipeline.TimeProvider;
            configure(pipeline);
        });
        return builder.UseResiliencePipeline(name);
    }

    /// <summary>Adds a pipeline that was registered with <c>AddResiliencePipeline</c> around the client.</summary>
    /// <param name="builder">The client.</param>
    /// <param name="name">The name of the pipeline. The host does not start if it is not registered.</param>
    /// <returns>The client.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static IThriftClientBuilder UseResiliencePipeline(this IThriftClientBuilder builder, string name)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(name);
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IPostConfigureOptions<TelemetryOptions>>(new ResultTypeFormatter()));
        var client = builder.Name;
        return builder.UsePipeline(services => services.GetService<ResiliencePipelineProvider<string>>()?.TryGetPipeline(name, out var pipeline) == true
            ? new PollyPipeline(pipeline)
            : throw new InvalidOperationException(
                $"The client '{client}' requires the resilience pipeline '{name}', which is not registered: add it with AddResiliencePipeline(\"{name}\", …), or correct UseResiliencePipeline."));
    }
}
