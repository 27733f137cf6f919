using System.Net.Http.Headers;
using Microsoft.Extensions.Options;
using RetrainLoop.Simulator.Line;

namespace RetrainLoop.Simulator.Stack;

/// <summary>Signs calls with the simulator's API key: it uses the stack as any customer does, through the public API.</summary>
public sealed class ApiKeyHandler(IOptionsMonitor<LineOptions> options) : DelegatingHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", options.CurrentValue.ApiKey);
        return base.SendAsync(request, cancellationToken);
    }
}
