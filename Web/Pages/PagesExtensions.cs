using RetrainLoop.Web.Images;

namespace RetrainLoop.Web.Pages;

public static class PagesExtensions
{
    /// <summary>What the pages read beside the clients of the services.</summary>
    public static void AddPages(this WebApplicationBuilder builder)
    {
        builder.AddImages();
    }

    public static void MapPages(this WebApplication app)
    {
        app.MapImages();
    }
}
