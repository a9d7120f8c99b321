using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Http;

namespace ThriftBreaker.Dashboard.Security;

/// <summary>Authorizes operations by the policy of the options.</summary>
/// <remarks>
/// The policy is evaluated here instead of by the endpoint's metadata. There, AllowAnonymous on the page would override
/// it, and a user without a session would be redirected to a login page, which a script takes for a success.
/// </remarks>
internal sealed class OperatorAuthorization(AuthorizationPolicy policy, IPolicyEvaluator evaluator)
{
    /// <summary>
    /// Returns the name of a user in the log: its name, or else its subject id, which is all that many tokens contain.
    /// </summary>
    public static string GetDisplayName(ClaimsPrincipal user)
    {
        var (name, scheme) = user.Identities
            .Select(static identity => (Name: GetName(identity), Scheme: identity.AuthenticationType))
            .OrderBy(static known => known.Name is null)
            .FirstOrDefault();
        return $"{name ?? "an unnamed user"}{(string.IsNullOrEmpty(scheme) ? "" : $" ({scheme})")}";
    }

    /// <summary>Returns the status code of the refusal; null if the user is authorized.</summary>
    public async Task<int?> GetRefusalStatusAsync(HttpContext context)
    {
        var authenticated = await evaluator.AuthenticateAsync(policy, context).ConfigureAwait(false);
        var authorized = await evaluator.AuthorizeAsync(policy, authenticated, context, resource: context).ConfigureAwait(false);
        return authorized.Succeeded ? null
            : authorized.Challenged ? StatusCodes.Status401Unauthorized
            : StatusCodes.Status403Forbidden;
    }

    private static string? GetName(ClaimsIdentity identity)
        => new[] { identity.Name, identity.FindFirst(ClaimTypes.NameIdentifier)?.Value, identity.FindFirst("sub")?.Value }
            .FirstOrDefault(static name => !string.IsNullOrWhiteSpace(name));
}
