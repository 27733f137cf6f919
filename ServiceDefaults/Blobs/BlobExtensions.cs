using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using RetrainLoop.ServiceDefaults.Security;

namespace RetrainLoop.ServiceDefaults.Blobs;

public static class BlobExtensions
{
    public static void AddBlobStore(this IHostApplicationBuilder builder)
    {
        var data = builder.Configuration["RETRAINLOOP_DATA"] ?? Directory.GetCurrentDirectory();
        builder.Services.AddOptions<BlobOptions>()
            .Configure(options => options.Root = Path.Combine(data, "blobs", builder.Environment.ApplicationName.ToLowerInvariant()))
            .BindConfiguration("Blobs").ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddTransient<ServiceTokenHandler>();
        builder.Services.AddHttpClient(BlobStore.HttpClientName).AddHttpMessageHandler<ServiceTokenHandler>();
        if (builder.Configuration.GetValue<BlobStorageKind>("Blobs:Kind") == BlobStorageKind.S3)
            builder.Services.AddSingleton<IBlobStorage, S3Storage>();
        else builder.Services.AddSingleton<IBlobStorage, FolderStorage>();
        builder.Services.AddSingleton<BlobStore>();
        builder.Services.AddHostedService<AbandonedParts>();
    }

    /// <summary>Maps <c>GET /v1/blobs/{sha256}</c>: immutable, so cacheable for ever and served in ranges.</summary>
    public static IEndpointRouteBuilder MapBlobs(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/blobs/{sha256}", ReadAsync).RequireAuthorization(Access.View).WithTags("Blobs");
        return routes;
    }

    static async Task<Results<FileStreamHttpResult, ProblemHttpResult>> ReadAsync(
        string sha256, BlobStore blobs, HttpResponse response, CancellationToken cancellationToken)
    {
        if (await blobs.OpenReadAsync(sha256, cancellationToken) is not { } stream) return Problem.NotFound("There is no such blob here; it may have expired.");
        response.Headers.CacheControl = "private, max-age=31536000, immutable";
        response.Headers.XContentTypeOptions = "nosniff";
        return TypedResults.Stream(stream, MediaTypeOf(stream), enableRangeProcessing: true,
            entityTag: new Microsoft.Net.Http.Headers.EntityTagHeaderValue($"\"{sha256}\""));
    }

    static string MediaTypeOf(FileStream stream)
    {
        Span<byte> start = stackalloc byte[12];
        var read = stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        stream.Position = 0;
        return start[..read] switch
        {
            [0xff, 0xd8, 0xff, ..] => "image/jpeg",
            [0x89, (byte)'P', (byte)'N', (byte)'G', ..] => "image/png",
            [(byte)'R', (byte)'I', (byte)'F', (byte)'F', _, _, _, _, (byte)'W', (byte)'E', (byte)'B', (byte)'P'] => "image/webp",
            _ => "application/octet-stream",
        };
    }
}
