using System.Globalization;
using Aspire.Hosting.ApplicationModel;
using RetrainLoop.LocalHost.Stack;

namespace RetrainLoop.LocalHost.Projects;

/// <summary>Asks services whether they are ready.</summary>
sealed class HttpProbe
{
    readonly HttpClient client = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false });

    /// <summary>A probe by the resource's health check; one without is healthy as soon as it runs.</summary>
    public Probe For(IResource resource, string? url)
    {
        if (url is null || resource.Annotations.OfType<HttpHealthCheckAnnotation>().LastOrDefault() is not { } check)
        {
            return _ => Task.FromResult<string?>(null);
        }

        var address = new Uri(new Uri(url), check.Path);
        return async cancellation =>
        {
            try
            {
                using var answer = await client.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, cancellation);
                return (int)answer.StatusCode == check.StatusCode
                    ? null
                    : string.Create(CultureInfo.InvariantCulture, $"{check.Path} answers {(int)answer.StatusCode}");
            }
            catch (HttpRequestException away)
            {
                return $"{check.Path} does not answer ({away.Message})";
            }
        };
    }
}
