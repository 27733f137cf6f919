using System.Globalization;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.RateLimiting;

namespace RetrainLoop.Web.Users;

/// <summary>Slows down guessing: a few tries per minute and address on the pages that take a password.</summary>
static class SignInRateLimit
{
    public const string Policy = "sign-in";
    const int TriesPerMinute = 10;

    public static void AddSignInRateLimit(this IServiceCollection services) => services.AddRateLimiter(limiter =>
    {
        limiter.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
        limiter.OnRejected = (rejected, _) =>
        {
            if (rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var wait))
                rejected.HttpContext.Response.Headers.RetryAfter = ((int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
            return ValueTask.CompletedTask;
        };
        limiter.AddPolicy(Policy, context => HttpMethods.IsPost(context.Request.Method)
            ? RateLimitPartition.GetFixedWindowLimiter(context.Connection.RemoteIpAddress?.ToString() ?? "unknown", _ => Window())
            : RateLimitPartition.GetNoLimiter("read"));
    });

    static FixedWindowRateLimiterOptions Window() => new() { PermitLimit = TriesPerMinute, Window = TimeSpan.FromMinutes(1) };
}
