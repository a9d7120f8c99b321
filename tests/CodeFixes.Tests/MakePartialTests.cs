using ThriftBreaker.CodeFixes.Tests.Harness;

namespace ThriftBreaker.CodeFixes.Tests;

/// <summary>TB0003: a marked class, and what is around it, becomes partial.</summary>
public sealed class MakePartialTests
{
    private const string Contract = "public interface IAsync { Task find(); }";

    private static readonly FixedProject Project = new(new MakePartialFix());

    [Theory]
    [InlineData("public class Orders", "public partial class Orders")]
    [InlineData("class Orders", "partial class Orders")]
    [InlineData("/// <summary>Of today.</summary>\n    internal /* for now */ sealed class Orders", "/// <summary>Of today.</summary>\n    internal /* for now */ sealed partial class Orders")]
    [InlineData("// Of today.\n    class   Orders", "// Of today.\n    partial class   Orders")]
    [InlineData("public record Orders", "public partial record Orders")]
    public async Task TheModifierStandsBeforeTheKeyword(string before, string after)
        => Assert.Equal(Marked(after), await Project.OneAsync(null, Marked(before)));

    [Fact]
    public async Task TheTypesAroundItBecomePartialToo()
        => Assert.Equal(
            $"public static partial class Shop\n{{\n    public partial struct Counter\n    {{\n        {Marked("public partial class Orders")}\n    }}\n}}\n",
            await Project.AllAsync("partial", 0, $"public static class Shop\n{{\n    public struct Counter\n    {{\n        {Marked("public class Orders")}\n    }}\n}}\n"));

    [Fact]
    public async Task TheFixOfTheInnermostDoesThemAll()
        => Assert.Equal(
            $"partial class Shop\n{{\n    {Marked("public partial class Orders")}\n}}\n",
            await new FixedProject(new MakePartialFix()) { Which = ^1 }.OneAsync(null, $"class Shop\n{{\n    {Marked("public class Orders")}\n}}\n"));

    private static string Marked(string declaration) => $"[ThriftBreaker.CircuitBreaker]\n    {declaration} {{ {Contract} }}";
}
