using RetrainLoop.Web.Images;
using RetrainLoop.Web.Pages.Alerts;
using RetrainLoop.Web.Pages.Deployments;
using RetrainLoop.Web.Pages.Drift;
using RetrainLoop.Web.Pages.Jobs;
using RetrainLoop.Web.Pages.Label;
using RetrainLoop.Web.Pages.Loop;
using RetrainLoop.Web.Pages.Models;
using RetrainLoop.Web.Pages.Overview;
using RetrainLoop.Web.Pages.Replay;
using RetrainLoop.Web.Uploads;

namespace RetrainLoop.Web.Pages;

public static class PagesExtensions
{
    /// <summary>What the pages read beside the clients of the services.</summary>
    public static void AddPages(this WebApplicationBuilder builder)
    {
        builder.AddImages();
        builder.AddUploads();
        builder.Services.AddTransient<OverviewReader>();
        builder.Services.AddSingleton<OverviewCache>();
        builder.Services.AddSingleton<DeploymentReader>();
        builder.Services.AddTransient<DeploymentEvents>();
        builder.Services.AddTransient<MetricsReader>();
        builder.Services.AddSingleton<MetricsCache>();
        builder.Services.AddHostedSingleton<AlertWatch>();
        builder.Services.AddTransient<AlertDetailReader>();
        builder.Services.AddTransient<PassReader>();
        builder.Services.AddTransient<ReplayReader>();
        builder.Services.AddTransient<ModelsReader>();
        builder.Services.AddTransient<DriftReader>();
        builder.Services.AddTransient<SideFrames>();
        builder.Services.AddScoped<LabelSession>();
    }

    /// <summary>Maps the pictures and the dashboard of the jobs; the pages themselves are components.</summary>
    public static void MapPages(this WebApplication app)
    {
        app.MapImages();
        app.MapMetricsDownload();
        app.MapUploads();
        app.MapJobsDashboard();
    }
}
