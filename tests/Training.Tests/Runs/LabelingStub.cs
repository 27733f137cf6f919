using System.IO.Compression;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace RetrainLoop.Tests.Training.Runs;

/// <summary>Stands for Labeling: serves the export of one dataset to who shows the service token.</summary>
sealed class LabelingStub : IAsyncDisposable
{
    readonly WebApplication app;

    LabelingStub(WebApplication app) => this.app = app;

    public string Url => app.Urls.Single();

    public static async Task<LabelingStub> StartAsync(string dataset)
    {
        var archive = dataset + ".zip";
        ZipFile.CreateFromDirectory(dataset, archive);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.Run(async context =>
        {
            var isSigned = context.Request.Headers.Authorization == $"Bearer {ServiceUnderTest<Program>.ServiceToken}";
            var isKnown = context.Request.Path.Value!.Contains("/shapes/", StringComparison.Ordinal);
            if (!isSigned) context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            else if (isKnown) await context.Response.SendFileAsync(archive, context.RequestAborted);
            else context.Response.StatusCode = StatusCodes.Status404NotFound;
        });
        await app.StartAsync();
        return new LabelingStub(app);
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();
}
