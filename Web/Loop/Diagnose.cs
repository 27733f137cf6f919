using Hangfire;
using System.Net;
using RetrainLoop.Web.Stack;

namespace RetrainLoop.Web.Loop;

/// <summary>Asks Monitor to compare a deployment with its baseline now and to run the decision table on what it found.</summary>
public sealed class Diagnose(MonitorClient monitor)
{
    [AutomaticRetry(Attempts = 0)]
    public Task<string> RunAsync(string deployment, CancellationToken cancellationToken) => RunAsync(deployment, DiagnosisOccasion.Daily, cancellationToken);

    public async Task<string> RunAsync(string deployment, DiagnosisOccasion occasion, CancellationToken cancellationToken)
    {
        try
        {
            var drift = await monitor.EvaluateDriftAsync(deployment, null, recent: true, cancellationToken);
            var diagnosis = await monitor.DiagnoseAsync(deployment, occasion, cancellationToken);
            return $"{drift.Level}; {diagnosis.Action}: {diagnosis.Summary}";
        }
        catch (StackException exception) when (exception.IsAway || exception.StatusCode is HttpStatusCode.Conflict or HttpStatusCode.NotFound)
        {
            // Away, or nothing to compare with yet: the next occasion comes.
            return $"Not diagnosed yet: {(exception.IsAway ? exception.Message : exception.Detail)}";
        }
    }
}
