using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;
using RetrainLoop.ServiceDefaults.Security;

namespace RetrainLoop.Web.Users;

public static class UsersExtensions
{
    /// <summary>Users with cookies beside keys with bearer headers; every route is closed unless it says otherwise.</summary>
    public static void AddUsers(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        builder.AddKeyRing();
        services.AddSingleton<DataFolder>();
        services.AddDbContext<UserDatabase>((provider, options) => options.UseNpgsql(provider.GetRequiredService<NpgsqlDataSource>()));
        services.AddIdentityCore<User>(SetRules).AddEntityFrameworkStores<UserDatabase>().AddSignInManager().AddClaimsPrincipalFactory<UserClaims>();
        services.Configure<SecurityStampValidatorOptions>(options => options.ValidationInterval = TimeSpan.FromMinutes(1));
        services.AddAuthentication(SignInScheme.Name)
            .AddPolicyScheme(SignInScheme.Name, null, options => options.ForwardDefaultSelector = SignInScheme.Of)
            .AddScheme<AuthenticationSchemeOptions, KeyAuthentication>(KeyAuthentication.SchemeName, null)
            .AddCookie(IdentityConstants.ApplicationScheme, SetCookie);
        services.AddAuthorizationBuilder().AddAccessPolicies();
        services.AddOptions<AuthorizationOptions>().Configure(options => options.FallbackPolicy = options.GetPolicy(Access.Administer));
        services.AddCascadingAuthenticationState();
        services.AddScoped<AuthenticationStateProvider, RevalidatingSignIn>();
        services.AddDataProtection().SetApplicationName("RetrainLoop.Web");
        services.AddOptions<KeyManagementOptions>().Configure<DataFolder, ILoggerFactory>((options, data, logger) =>
            options.XmlRepository = new FileSystemXmlRepository(data.DataProtection(), logger));
        services.AddAntiforgery(options => options.Cookie.Name = "retrainloop-form");
        services.AddSignInRateLimit();
        services.Insert(0, ServiceDescriptor.Singleton<IExceptionHandler, PageExceptionHandler>()); // asked before the one that all services have
        services.AddScoped<FirstAdministrator>();
        services.AddHostedSingleton<SetupLink>();
    }

    public static void UseUsers(this WebApplication app)
    {
        app.UseStatusCodePagesWithReExecute("/problem/{0}", createScopeForStatusCodePages: true);
        app.Use(LeaveProblemsToPrograms);
        app.UseAuthentication();
        app.UseRateLimiter();
        app.UseAuthorization();
        app.UseAntiforgery();
    }

    /// <summary>Maps <c>POST /logout</c>.</summary>
    public static void MapUsers(this WebApplication app) =>
        app.MapPost("/logout", LogoutAsync).RequireAuthorization(Access.View).ExcludeFromDescription();

    // Taking the form makes the antiforgery token a condition.
    static async Task<RedirectHttpResult> LogoutAsync(SignInManager<User> signIn, IFormCollection form)
    {
        await signIn.SignOutAsync();
        return TypedResults.LocalRedirect("~/login");
    }

    // Programs get problem+json, which the defaults of all services write.
    static Task LeaveProblemsToPrograms(HttpContext context, RequestDelegate next)
    {
        if (!SignInScheme.WantsPage(context.Request)) context.Features.GetRequiredFeature<IStatusCodePagesFeature>().Enabled = false;
        return next(context);
    }

    static void SetRules(IdentityOptions options)
    {
        options.Password.RequiredLength = 12;
        options.Password.RequireDigit = options.Password.RequireLowercase = options.Password.RequireUppercase = options.Password.RequireNonAlphanumeric = false;
        options.Password.RequiredUniqueChars = 4;
        options.Lockout.MaxFailedAccessAttempts = 5;
        options.Lockout.DefaultLockoutTimeSpan = TimeSpan.FromMinutes(5);
    }

    static void SetCookie(Microsoft.AspNetCore.Authentication.Cookies.CookieAuthenticationOptions options)
    {
        options.Cookie.Name = "retrainloop-session";
        options.Cookie.SameSite = SameSiteMode.Lax;
        options.LoginPath = "/login";
        options.ExpireTimeSpan = TimeSpan.FromDays(14);
        options.SlidingExpiration = true;
        options.Events.OnRedirectToLogin = SignInScheme.ChallengeAsync;
        options.Events.OnRedirectToAccessDenied = SignInScheme.ForbidAsync;
        options.Events.OnValidatePrincipal = SecurityStampValidator.ValidatePrincipalAsync;
    }
}
