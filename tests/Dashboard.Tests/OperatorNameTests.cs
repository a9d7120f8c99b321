using System.Security.Claims;
using ThriftBreaker.Dashboard.Serving;

namespace ThriftBreaker.Dashboard.Tests;

/// <summary>How the log calls who has steered a circuit.</summary>
public sealed class OperatorNameTests
{
    [Theory]
    [InlineData("ada (cookie)", "cookie", ClaimTypes.Name, "ada", ClaimTypes.NameIdentifier, "7")]
    [InlineData("7 (Bearer)", "Bearer", ClaimTypes.NameIdentifier, "7", "sub", "8")]
    [InlineData("248289761001 (Bearer)", "Bearer", "aud", "shop", "sub", "248289761001")]
    [InlineData("8 (Bearer)", "Bearer", ClaimTypes.Name, " ", "sub", "8")]
    [InlineData("somebody without a name (Negotiate)", "Negotiate", "aud", "shop", "sub", "")]
    [InlineData("somebody without a name", null, "aud", "shop", "aud", "shop")]
    public void ItIsTheBestNameThatThereIs(string name, string? scheme, string type, string value, string otherType, string otherValue)
        => Assert.Equal(name, Operators.NameOf(new ClaimsPrincipal(new ClaimsIdentity([new Claim(type, value), new Claim(otherType, otherValue)], scheme))));

    /// <summary>A policy with two schemes gives one user with two identities.</summary>
    [Fact]
    public void AnyIdentityMayHaveIt()
        => Assert.Equal(
            "ada (Bearer)",
            Operators.NameOf(new ClaimsPrincipal([new ClaimsIdentity([], "key"), new ClaimsIdentity([new Claim("sub", "ada")], "Bearer")])));

    [Fact]
    public void NobodyHasNone() => Assert.Equal("somebody without a name", Operators.NameOf(new ClaimsPrincipal()));
}
