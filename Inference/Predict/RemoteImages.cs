using System.Net;
using Microsoft.Extensions.Options;
using RetrainLoop.Inference.Execution;
using RetrainLoop.Inference.Images;
using RetrainLoop.ServiceDefaults.Security;

namespace RetrainLoop.Inference.Predict;

/// <summary>
/// Fetches an image from a URL that a caller chose: http or https, from public addresses only (also after redirects), within the limits of size and
/// time. It has a client of its own, so that neither proxies nor names of this stack lead elsewhere.
/// </summary>
sealed class RemoteImages : IDisposable
{
    const int MostRedirects = 3;
    readonly HttpClient client;
    readonly ByteBudget budget;
    readonly IOptions<PredictOptions> options;
    readonly IOptions<ImageOptions> images;
    readonly TimeProvider time;

    public RemoteImages(ByteBudget budget, IOptions<PredictOptions> options, IOptions<ImageOptions> images, TimeProvider time)
    {
        (this.budget, this.options, this.images, this.time) = (budget, options, images, time);
        client = new HttpClient(new SocketsHttpHandler
        {
            ConnectCallback = PublicAddress.ConnectOnly([.. options.Value.UrlNetworks.Select(IPNetwork.Parse)]),
            MaxAutomaticRedirections = MostRedirects,
            PooledConnectionLifetime = TimeSpan.FromMinutes(1),
            UseCookies = false,
            UseProxy = false,
        }) { Timeout = Timeout.InfiniteTimeSpan };
        client.DefaultRequestHeaders.UserAgent.ParseAdd("RetrainLoop");
        client.DefaultRequestHeaders.Accept.ParseAdd("image/*");
    }

    /// <exception cref="BadHttpRequestException">It is no http URL.</exception>
    /// <exception cref="BadImageException">It leads to a private address, does not answer in time or with success, or is too large.</exception>
    /// <exception cref="OverloadedException">The images under way leave no memory for this one.</exception>
    public async Task<PredictFile> FetchAsync(string url, CancellationToken cancellationToken)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
            throw new BadHttpRequestException($"'{PredictFile.Bounded(url)}' is no http or https URL.");
        var shown = PredictFile.Bounded($"{address.Scheme}://{address.Authority}{address.AbsolutePath}"); // without secrets of its query
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(options.Value.UrlTimeoutSeconds), time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            using var response = await client.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, either.Token);
            if (!response.IsSuccessStatusCode) throw Refused($"{shown} answered {(int)response.StatusCode} instead of an image.");
            await using var body = await response.Content.ReadAsStreamAsync(either.Token);
            var bytes = await PooledBody.ReadAsync(body, response.Content.Headers.ContentLength, shown, images.Value, budget, either.Token);
            return new PredictFile(shown, bytes, shown);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw Refused($"{shown} did not send its image within {options.Value.UrlTimeoutSeconds:0.#} s.");
        }
        catch (HttpRequestException exception) when (exception.InnerException is PrivateAddressException)
        {
            throw Refused($"{shown} leads to a private address. Images are fetched from public addresses and Predict:UrlNetworks only.");
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            throw Refused($"{shown} cannot be read: {exception.Message}");
        }
    }

    public void Dispose() => client.Dispose();

    static BadImageException Refused(string message) => new(StatusCodes.Status422UnprocessableEntity, message);
}
