using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Mvc;
using Polly;
using RetrainLoop.ServiceDefaults.Security;

namespace RetrainLoop.Web.Stack;

/// <summary>Speaks the contracts' JSON to one service. Everything that goes wrong on the way is a <see cref="StackException"/>.</summary>
public abstract class StackClient(HttpClient http, string service)
{
    /// <summary>The facts after a cursor, oldest first.</summary>
    public Task<ChangePage> ChangesAsync(string after, int limit, IReadOnlyList<string> kinds, CancellationToken cancellationToken) =>
        GetAsync<ChangePage>($"/v1/changes?after={after}&limit={limit}&kinds={string.Join(',', kinds)}", cancellationToken);

    protected Task<T> GetAsync<T>(string path, CancellationToken cancellationToken) => SendAsync<T>(HttpMethod.Get, path, null, cancellationToken);

    /// <summary>Null when the service says that there is no such thing.</summary>
    protected async Task<T?> FindAsync<T>(string path, CancellationToken cancellationToken, string? actor = null) where T : class
    {
        using var response = await ExchangeAsync(HttpMethod.Get, path, null, actor, null, cancellationToken);
        if (response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.NoContent) return null;
        return await ReadAsync<T>(response, cancellationToken);
    }

    /// <param name="actor">The person on whose behalf the call is made; null = the stack itself.</param>
    /// <param name="ifMatch">ETag that must still be the current one.</param>
    protected async Task<T> SendAsync<T>(
        HttpMethod method, string path, object? body, CancellationToken cancellationToken, string? actor = null, string? ifMatch = null)
    {
        using var response = await ExchangeAsync(method, path, body, actor, ifMatch, cancellationToken);
        return await ReadAsync<T>(response, cancellationToken);
    }

    /// <summary>Like <see cref="SendAsync{T}"/>, with null for an empty answer.</summary>
    protected async Task<T?> SendForOptionalAsync<T>(
        HttpMethod method, string path, object? body, CancellationToken cancellationToken, string? actor = null) where T : class
    {
        using var response = await ExchangeAsync(method, path, body, actor, null, cancellationToken);
        return response.StatusCode == HttpStatusCode.NoContent ? null : await ReadAsync<T>(response, cancellationToken);
    }

    protected async Task SendAsync(HttpMethod method, string path, object? body, CancellationToken cancellationToken, string? actor = null)
    {
        using var response = await ExchangeAsync(method, path, body, actor, null, cancellationToken);
        await EnsureSuccessAsync(response, cancellationToken);
    }

    /// <summary>A text as it is; null when the service says that there is no such thing.</summary>
    protected async Task<string?> FindTextAsync(string path, CancellationToken cancellationToken)
    {
        using var response = await ExchangeAsync(HttpMethod.Get, path, null, null, null, cancellationToken);
        if (response.StatusCode == HttpStatusCode.NotFound) return null;
        await EnsureSuccessAsync(response, cancellationToken);
        return await response.Content.ReadAsStringAsync(cancellationToken);
    }

    protected async Task SendTextAsync(HttpMethod method, string path, string text, string mediaType, string? actor, CancellationToken cancellationToken)
    {
        using var response = await ExchangeAsync(method, path, new StringContent(text, Encoding.UTF8, mediaType), actor, null, cancellationToken);
        await EnsureSuccessAsync(response, cancellationToken);
    }

    async Task<HttpResponseMessage> ExchangeAsync(
        HttpMethod method, string path, object? body, string? actor, string? ifMatch, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is HttpContent content) request.Content = content;
        else if (body is not null) request.Content = JsonContent.Create(body, body.GetType(), options: ContractJson.Options);
        if (actor is not null) request.Headers.TryAddWithoutValidation(KeyAuthentication.ActingUserHeader, actor);
        if (ifMatch is not null) request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        try
        {
            return await http.SendAsync(request, cancellationToken);
        }
        catch (Exception exception) when (IsNoAnswer(exception) && !cancellationToken.IsCancellationRequested)
        {
            throw new StackException(service, null, exception.Message, exception);
        }
    }

    static bool IsNoAnswer(Exception exception) =>
        exception is HttpRequestException or ExecutionRejectedException or OperationCanceledException or IOException;

    async Task<T> ReadAsync<T>(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        await EnsureSuccessAsync(response, cancellationToken);
        try
        {
            return await response.Content.ReadFromJsonAsync<T>(ContractJson.Options, cancellationToken)
                ?? throw new JsonException($"null instead of {typeof(T).Name}");
        }
        catch (JsonException exception)
        {
            throw new StackException(service, HttpStatusCode.BadGateway, $"the answer is not the expected JSON ({exception.Message})", exception);
        }
    }

    async Task EnsureSuccessAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.IsSuccessStatusCode) return;
        throw new StackException(service, response.StatusCode, await DetailOfAsync(response, cancellationToken));
    }

    static async Task<string> DetailOfAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            var problem = await response.Content.ReadFromJsonAsync<ProblemDetails>(ContractJson.Options, cancellationToken);
            return problem?.Detail ?? problem?.Title ?? response.ReasonPhrase ?? "no reason given";
        }
        catch (Exception exception) when (exception is JsonException or IOException)
        {
            return response.ReasonPhrase ?? "no reason given";
        }
    }
}
