using Microsoft.AspNetCore.Http.HttpResults;
using MudBlazor;
using MudBlazor.Services;
using RetrainLoop.ServiceDefaults.Security;

namespace RetrainLoop.Web.Layout;

public static class LayoutExtensions
{
    const int LargestMessage = 256 * 1024; // a crowded frame's boxes exceed the default of 32 KB

    public static void AddLayout(this WebApplicationBuilder builder)
    {
        // Also outside Development, where the assets would otherwise only be found once published.
        builder.WebHost.UseStaticWebAssets();
        builder.WebHost.ConfigureKestrel(server => server.AddServerHeader = false);
        builder.Services.AddRazorComponents().AddInteractiveServerComponents()
            .AddHubOptions(options => options.MaximumReceiveMessageSize = LargestMessage);
        builder.Services.AddScoped<BrowserZone>();
        OracleWatch.Add(builder.Services);
        builder.Services.AddMudServices(options =>
        {
            options.SnackbarConfiguration.PositionClass = Defaults.Classes.Position.BottomRight;
            options.SnackbarConfiguration.VisibleStateDuration = 6000;
        });
    }

    /// <summary>Maps the pages (closed to all but viewers unless a page says more or less), their circuit, and the files that anybody may read.</summary>
    public static void MapLayout(this WebApplication app)
    {
        app.MapStaticAssets().AllowAnonymous();
        app.MapGet("/theme.css", Stylesheet).AllowAnonymous().ExcludeFromDescription();
        app.MapRazorComponents<App>().AddInteractiveServerRenderMode().RequireAuthorization(Access.View);
    }

    static ContentHttpResult Stylesheet(HttpResponse response)
    {
        response.Headers.CacheControl = "public, max-age=31536000, immutable";
        return TypedResults.Text(Theme.Stylesheet, "text/css");
    }
}
