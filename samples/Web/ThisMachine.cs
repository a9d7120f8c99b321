using System.Net;
using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace Web;

/// <summary>
/// Knows whoever sits at this machine, and nobody else: enough for a sample, whose circuits may be steered from where it runs. In its place stands an app's own
/// sign-in. AllowedHosts in appsettings.json keeps out a page of elsewhere whose name leads to this machine. (Not behind a proxy on the same machine: there,
/// everybody comes from this machine.)
/// </summary>
internal sealed class ThisMachine(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string Name = "this machine";

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (Context.Connection.RemoteIpAddress is not { } address || !IPAddress.IsLoopback(address))
        {
            return Task.FromResult(AuthenticateResult.NoResult());
        }

        var user = new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, Environment.UserName)], Name));
        return Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(user, Name)));
    }
}
