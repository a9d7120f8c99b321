namespace ThriftBreaker.GeneratorBenchmarks;

/// <summary>The size of a project.</summary>
/// <param name="Services">The number of services.</param>
/// <param name="Methods">The number of methods of each service.</param>
public sealed record Size(int Services, int Methods)
{
    public static IEnumerable<Size> All { get; } = [new(1, 20), new(40, 12), new(1000, 20)];

    public override string ToString() => $"{Services} × {Methods}";
}
