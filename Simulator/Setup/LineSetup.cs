using Microsoft.Extensions.Options;

namespace RetrainLoop.Simulator.Setup;

/// <summary>Sets the line up at the start, step by step; a step that fails is tried again until it works. Each may be repeated.</summary>
public sealed partial class LineSetup(
    DeploymentSetup deployment, DatasetSetup datasets, SetupProgress progress, IOptions<SetupOptions> options, TimeProvider time, ILogger<LineSetup> logger)
    : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await RepeatAsync("deployment", deployment.EnsureAsync, stoppingToken);
        progress.ReportDeploymentReady();
        if (options.Value.Enabled) await RepeatAsync("datasets", datasets.EnsureAsync, stoppingToken);
        progress.ReportDone();
        LogDone();
    }

    async Task RepeatAsync(string step, Func<CancellationToken, Task> ensure, CancellationToken stopping)
    {
        var told = "";
        progress.Report($"Setting up the {step}.");
        while (true)
        {
            try
            {
                await ensure(stopping);
                return;
            }
            catch (Exception problem) when (!stopping.IsCancellationRequested)
            {
                // Services start at the same time and in any order: say each reason once, then keep trying.
                if (told != problem.Message) LogWaiting(step, problem.Message);
                told = problem.Message;
                progress.Report($"Setting up the {step}: {problem.Message}");
            }
            await Task.Delay(options.Value.RetryDelay, time, stopping);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The line's {Step} cannot be set up yet, trying again: {Reason}")]
    partial void LogWaiting(string step, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "The line is set up; its cameras play")]
    partial void LogDone();
}
