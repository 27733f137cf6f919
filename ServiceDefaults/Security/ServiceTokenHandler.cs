using System.Net.Http.Headers;
using Microsoft.Extensions.Options;

namespace RetrainLoop.ServiceDefaults.Security;

/// <summary>Signs calls to services of the same stack with the service token. Never put it on a client that may leave the stack.</summary>
public sealed class ServiceTokenHandler(IOptionsMonitor<SecurityOptions> security) : DelegatingHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.Headers.Authorization ??= new AuthenticationHeaderValue("Bearer", security.CurrentValue.ServiceToken);
        return base.SendAsync(request, cancellationToken);
    }
}
