using Polly;
using Polly.Registry;
using ThriftBreaker.Hosting;
using ThriftBreaker.Resilience;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Puts Polly's resilience pipelines around clients.</summary>
public static class ThriftClientResilienceExtensions
{
    /// <summary>
    /// Puts a pipeline around the client: <c>pipeline => pipeline.AddRetry(new ThriftRetryStrategyOptions())</c>. The circuit is inside, and judges every try. What has
    /// the interface of the service injected calls by way of the pipeline; the client by its own type is the guarded one without it.
    /// </summary>
    /// <remarks>
    /// The pipeline is in the container's registry under the name <c>thrift-</c> and the client's, its clock is the container's <see cref="TimeProvider"/>, where it has
    /// one, and what it does is measured and logged as Polly does it. <see cref="ResilienceContext.OperationKey"/> is the method: <c>Calculator/add</c>.
    /// </remarks>
    /// <param name="builder">The client.</param>
    /// <param name="configure">Adds the strategies, the outermost first.</param>
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

    /// <summary>Puts a pipeline around the client that <c>AddResiliencePipeline</c> has added; all else is as the other overload has it.</summary>
    /// <param name="builder">The client.</param>
    /// <param name="name">The pipeline's name. Where there is none of this name, the host does not start.</param>
    /// <returns>The client.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static IThriftClientBuilder UseResiliencePipeline(this IThriftClientBuilder builder, string name)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(name);
        var client = builder.Name;
        return builder.UsePipeline(services => services.GetService<ResiliencePipelineProvider<string>>()?.TryGetPipeline(name, out var pipeline) == true
            ? new PollyPipeline(pipeline)
            : throw new InvalidOperationException(
                $"The client '{client}' wants the resilience pipeline '{name}', and there is none of this name: add it with AddResiliencePipeline(\"{name}\", …), or correct UseResiliencePipeline."));
    }
}
