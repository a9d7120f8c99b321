using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Http;

namespace ThriftBreaker.Dashboard.Serving;

/// <summary>Who may steer circuits: whoever meets the policy.</summary>
/// <remarks>
/// The policy is asked here and not by the endpoint's metadata, where the AllowAnonymous of a page that everybody may see would win over it, and
/// where who is not signed in would be sent to a login page, which a script takes for a success.
/// </remarks>
internal sealed class Operators(AuthorizationPolicy policy, IPolicyEvaluator evaluator)
{
    /// <summary>How the log calls a user: by name, or else by the number that its sign-in gives it, which is all that many tokens have.</summary>
    public static string NameOf(ClaimsPrincipal user)
    {
        var (name, scheme) = user.Identities
            .Select(static identity => (Name: NameOf(identity), Scheme: identity.AuthenticationType))
            .OrderBy(static known => known.Name is null)
            .FirstOrDefault();
        return $"{name ?? "somebody without a name"}{(string.IsNullOrEmpty(scheme) ? "" : $" ({scheme})")}";
    }

    /// <summary>The status to refuse with; null for who may.</summary>
    public async Task<int?> RefuseAsync(HttpContext context)
    {
        var authenticated = await evaluator.AuthenticateAsync(policy, context).ConfigureAwait(false);
        var authorized = await evaluator.AuthorizeAsync(policy, authenticated, context, resource: context).ConfigureAwait(false);
        return authorized.Succeeded ? null
            : authorized.Challenged ? StatusCodes.Status401Unauthorized
            : StatusCodes.Status403Forbidden;
    }

    private static string? NameOf(ClaimsIdentity identity)
        => new[] { identity.Name, identity.FindFirst(ClaimTypes.NameIdentifier)?.Value, identity.FindFirst("sub")?.Value }.FirstOrDefault(static name => !string.IsNullOrWhiteSpace(name));
}
