namespace RetrainLoop.Simulator.Setup;

public static class SetupExtensions
{
    public static void AddLineSetup(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<SetupOptions>().BindConfiguration("Simulator:Setup").ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton<SetupProgress>();
        builder.Services.AddSingleton<DeploymentSetup>();
        builder.Services.AddSingleton<DatasetSetup>();
        builder.Services.AddHostedService<LineSetup>();
    }
}
