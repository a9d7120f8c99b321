using System.Security.Claims;
using ThriftBreaker.Dashboard.Security;

namespace ThriftBreaker.Dashboard.Tests;

/// <summary>Tests the name of a user in the log.</summary>
public sealed class OperatorNameTests
{
    [Theory]
    [InlineData("ada (cookie)", "cookie", ClaimTypes.Name, "ada", ClaimTypes.NameIdentifier, "7")]
    [InlineData("7 (Bearer)", "Bearer", ClaimTypes.NameIdentifier, "7", "sub", "8")]
    [InlineData("248289761001 (Bearer)", "Bearer", "aud", "shop", "sub", "248289761001")]
    [InlineData("8 (Bearer)", "Bearer", ClaimTypes.Name, " ", "sub", "8")]
    [InlineData("an unnamed user (Negotiate)", "Negotiate", "aud", "shop", "sub", "")]
    [InlineData("an unnamed user", null, "aud", "shop", "aud", "shop")]
    public void NameIsPreferredToIdentifierAndIdentifierToSubject(string name, string? scheme, string type, string value, string otherType, string otherValue)
        => Assert.Equal(name, OperatorAuthorization.GetDisplayName(new ClaimsPrincipal(new ClaimsIdentity([new Claim(type, value), new Claim(otherType, otherValue)], scheme))));

    /// <summary>A policy with two schemes creates one user with two identities.</summary>
    [Fact]
    public void FirstIdentityWithANameIsUsed()
        => Assert.Equal(
            "ada (Bearer)",
            OperatorAuthorization.GetDisplayName(new ClaimsPrincipal([new ClaimsIdentity([], "key"), new ClaimsIdentity([new Claim("sub", "ada")], "Bearer")])));

    [Fact]
    public void UserWithoutIdentityIsUnnamed() => Assert.Equal("an unnamed user", OperatorAuthorization.GetDisplayName(new ClaimsPrincipal()));
}
