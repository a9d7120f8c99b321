namespace ThriftBreaker.GeneratorBenchmarks;

/// <summary>The size of a project.</summary>
/// <param name="Services">How many services it has.</param>
/// <param name="Methods">How many methods each of them has.</param>
public sealed record Size(int Services, int Methods)
{
    public static IEnumerable<Size> All { get; } = [new(1, 20), new(40, 12), new(1000, 20)];

    public override string ToString() => $"{Services} × {Methods}";
}
