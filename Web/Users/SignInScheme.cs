using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Identity;
using RetrainLoop.ServiceDefaults.Security;

namespace RetrainLoop.Web.Users;

/// <summary>Which of the two credentials speaks for a request: the cookie of a person or the key of a program.</summary>
static class SignInScheme
{
    public const string Name = "Web";

    /// <summary>
    /// A bearer header decides for the key. Calls of the API that change something take keys only, so no foreign page can borrow a cookie for them.
    /// </summary>
    public static string Of(HttpContext context)
    {
        var bearer = context.Request.Headers.Authorization.ToString().StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase);
        return bearer || (IsApi(context.Request) && !IsSafe(context.Request)) ? KeyAuthentication.SchemeName : IdentityConstants.ApplicationScheme;
    }

    /// <summary>People are led to the sign-in page (or, before there is anybody, to the first-start page); programs get 401.</summary>
    public static async Task ChallengeAsync(RedirectContext<CookieAuthenticationOptions> context)
    {
        if (!WantsPage(context.Request))
        {
            await context.HttpContext.ChallengeAsync(KeyAuthentication.SchemeName);
            return;
        }
        var setup = context.HttpContext.RequestServices.GetRequiredService<SetupLink>();
        context.Response.Redirect(await setup.IsNeededAsync(context.HttpContext.RequestAborted) ? "/setup" : context.RedirectUri);
    }

    public static Task ForbidAsync(RedirectContext<CookieAuthenticationOptions> context)
    {
        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        return Task.CompletedTask;
    }

    /// <summary>Whether a browser asks for a page, rather than a program or a page's script for data.</summary>
    public static bool WantsPage(HttpRequest request) =>
        !IsApi(request) && request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);

    static bool IsApi(HttpRequest request) => request.Path.StartsWithSegments("/v1") || request.Path.StartsWithSegments("/images");

    static bool IsSafe(HttpRequest request) => HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method);
}
