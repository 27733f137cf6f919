namespace RetrainLoop.Training.Runs;

/// <summary>Registers the queue and its workers.</summary>
public static class RunExtensions
{
    public static void AddTrainingRuns(this IHostApplicationBuilder builder)
    {
        var data = builder.Configuration["RETRAINLOOP_DATA"] ?? Directory.GetCurrentDirectory();
        builder.Services.AddOptions<TrainingOptions>()
            .Configure(options => options.WorkFolder = Path.Combine(data, "training"))
            .BindConfiguration("Training").ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton<RunQueue>();
        builder.Services.AddSingleton<RunIntake>();
        var workers = builder.Configuration.GetValue("Training:Workers", new TrainingOptions().Workers);
        for (var i = 0; i < workers; i++) builder.Services.AddSingleton<IHostedService, RunWorker>(); // each with leases of its own
    }
}
