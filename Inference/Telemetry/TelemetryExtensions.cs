using RetrainLoop.ServiceDefaults.Security;

namespace RetrainLoop.Inference.Telemetry;

static class TelemetryExtensions
{
    public static void AddTelemetry(this IHostApplicationBuilder builder)
    {
        var data = builder.Configuration["RETRAINLOOP_DATA"] ?? Directory.GetCurrentDirectory();
        builder.Services.AddOptions<TelemetryOptions>()
            .Configure(options => options.SpoolFolder = Path.Combine(data, "spool", builder.Environment.ApplicationName.ToLowerInvariant()))
            .BindConfiguration("Telemetry").ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddServiceClient(TelemetryPublisher.Monitor);
        builder.Services.AddSingleton<TelemetryRecorder>();
        builder.Services.AddHostedService<TelemetryPublisher>();
    }
}
