using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Mvc;

namespace RetrainLoop.Simulator.Stack;

/// <summary>Reads answers of other services.</summary>
public static class Answer
{
    /// <summary>The record in the body.</summary>
    /// <exception cref="HttpRequestException">The answer is no success; the message is the service's own sentence.</exception>
    public static async Task<T> ReadAsync<T>(this HttpResponseMessage response, CancellationToken cancellation)
    {
        await response.EnsureSuccessAsync(cancellation);
        return await response.Content.ReadFromJsonAsync<T>(ContractJson.Options, cancellation)
            ?? throw new HttpRequestException($"{response.RequestMessage?.RequestUri} answered without a {typeof(T).Name}.");
    }

    /// <exception cref="HttpRequestException">The answer is no success; the message is the service's own sentence.</exception>
    public static async Task EnsureSuccessAsync(this HttpResponseMessage response, CancellationToken cancellation)
    {
        if (response.IsSuccessStatusCode) return;
        var (path, detail) = (response.RequestMessage?.RequestUri?.AbsolutePath, await DetailAsync(response, cancellation));
        throw new HttpRequestException($"{path} answered {(int)response.StatusCode}: {detail}", null, response.StatusCode);
    }

    /// <summary>GET a record; null when there is none (404).</summary>
    public static async Task<T?> FindAsync<T>(this HttpClient client, string path, CancellationToken cancellation) where T : class
    {
        using var response = await client.GetAsync(path, cancellation);
        return response.StatusCode == HttpStatusCode.NotFound ? null : await response.ReadAsync<T>(cancellation);
    }

    static async Task<string> DetailAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        try
        {
            return (await response.Content.ReadFromJsonAsync<ProblemDetails>(cancellation))?.Detail ?? "no detail";
        }
        catch (JsonException)
        {
            return response.ReasonPhrase ?? "no detail";
        }
    }
}
