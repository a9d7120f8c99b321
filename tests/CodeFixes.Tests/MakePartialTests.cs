using Test = ThriftBreaker.CodeFixes.Tests.Harness.FixTest<ThriftBreaker.CodeFixes.MakePartialFix>;

namespace ThriftBreaker.CodeFixes.Tests;

/// <summary>TB0003: a class marked with the attribute, and the types around it, become partial.</summary>
public sealed class MakePartialTests
{
    private const string Contract = "public interface IAsync { Task find(); }";

    [Theory]
    [InlineData("public class {|TB0003:Orders|}", "public partial class Orders")]
    [InlineData("class {|TB0003:Orders|}", "partial class Orders")]
    [InlineData("/// <summary>Of today.</summary>\n    internal /* for now */ sealed class {|TB0003:Orders|}", "/// <summary>Of today.</summary>\n    internal /* for now */ sealed partial class Orders")]
    [InlineData("// Of today.\n    class   {|TB0003:Orders|}", "// Of today.\n    partial class   Orders")]
    [InlineData("public record {|TB0003:Orders|}", "public partial record Orders")]
    public Task ModifierIsAddedBeforeTheKeyword(string before, string after)
        => Test.VerifyAsync(Marked(before), Marked(after));

    [Fact]
    public Task ContainingTypesBecomePartialToo()
        => Test.VerifyAsync(
            $"public static class {{|TB0003:Shop|}}\n{{\n    public struct {{|TB0003:Counter|}}\n    {{\n        {Marked("public class {|TB0003:Orders|}")}\n    }}\n}}\n",
            $"public static partial class Shop\n{{\n    public partial struct Counter\n    {{\n        {Marked("public partial class Orders")}\n    }}\n}}\n");

    [Fact]
    public Task FixOfTheInnermostTypeFixesItsContainingTypes()
        => Test.VerifyLastAsync(
            $"class {{|TB0003:Shop|}}\n{{\n    {Marked("public class {|TB0003:Orders|}")}\n}}\n",
            $"partial class Shop\n{{\n    {Marked("public partial class Orders")}\n}}\n");

    private static string Marked(string declaration) => $"[ThriftBreaker.CircuitBreaker]\n    {declaration} {{ {Contract} }}";
}
