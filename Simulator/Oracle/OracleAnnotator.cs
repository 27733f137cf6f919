using System.Net;
using System.Net.Http.Json;
using Microsoft.Extensions.Options;
using RetrainLoop.Simulator.Line;
using RetrainLoop.Simulator.Stack;

namespace RetrainLoop.Simulator.Oracle;

/// <summary>Answers label tasks from the known truth, by the same calls that a person's page makes.</summary>
public sealed partial class OracleAnnotator(
    OracleState state, IHttpClientFactory clients, IOptions<LineOptions> line, IOptions<OracleOptions> options, TimeProvider time,
    ILogger<OracleAnnotator> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var (info, changed) = state.Current;
            using var wake = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, changed);
            var working = info.Enabled ? info.Annotators : 0;
            var workers = Enumerable.Range(0, working).Select(_ => WorkAsync(wake.Token, stoppingToken));
            await Task.WhenAll([WaitAsync(Timeout.InfiniteTimeSpan, wake.Token), .. workers]);
        }
    }

    /// <param name="switched">Ends the work between two tasks; a task that was begun is finished.</param>
    async Task WorkAsync(CancellationToken switched, CancellationToken stopping)
    {
        while (!switched.IsCancellationRequested)
        {
            try
            {
                var found = await AnswerNextAsync(stopping);
                state.Record(info => info with { LastProblem = null });
                if (!found) await WaitAsync(options.Value.IdleDelay, switched);
            }
            catch (Exception problem) when (!stopping.IsCancellationRequested)
            {
                if (state.Current.Info.LastProblem != problem.Message) LogTrouble(problem.Message);
                state.Record(info => info with { LastProblem = problem.Message });
                await WaitAsync(options.Value.TroubleDelay, switched);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    /// <returns>False when no task waits.</returns>
    async Task<bool> AnswerNextAsync(CancellationToken cancellation)
    {
        var labeling = clients.CreateClient(StackClients.Labeling);
        using var claimed = await labeling.PostAsJsonAsync("/v1/tasks/claim", new ClaimRequest(line.Value.Deployment), ContractJson.Options, cancellation);
        if (claimed.StatusCode == HttpStatusCode.NoContent) return false;
        var task = await claimed.ReadAsync<LabelTask>(cancellation);
        var lease = task.Lease ?? throw new InvalidOperationException($"The claimed task {task.Id} carries no lease.");
        var answer = OracleAnswer.To(task);
        if (answer.Boxes is null)
        {
            var reason = new LeaseCommand(lease, answer.SkipReason);
            using var skipped = await labeling.PostAsJsonAsync($"/v1/tasks/{task.Id}/skip", reason, ContractJson.Options, cancellation);
            await CountAsync(skipped, info => info with { Skipped = info.Skipped + 1 }, cancellation);
            return true;
        }
        using var submission = new HttpRequestMessage(HttpMethod.Post, $"/v1/tasks/{task.Id}/submit")
        {
            Content = JsonContent.Create(new LabelSubmission(lease, answer.Boxes), options: ContractJson.Options),
        };
        submission.Headers.TryAddWithoutValidation("If-Match", task.ETag);
        using var submitted = await labeling.SendAsync(submission, cancellation);
        await CountAsync(submitted, info => info with { Answered = info.Answered + 1 }, cancellation);
        return true;
    }

    async Task CountAsync(HttpResponseMessage response, Func<OracleInfo, OracleInfo> count, CancellationToken cancellation)
    {
        if (response.StatusCode is HttpStatusCode.Conflict or HttpStatusCode.PreconditionFailed) count = info => info with { Lost = info.Lost + 1 };
        else await response.EnsureSuccessAsync(cancellation);
        state.Record(count);
    }

    async Task WaitAsync(TimeSpan delay, CancellationToken cancellation) =>
        await Task.Delay(delay, time, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The oracle cannot work on label tasks now and tries again: {Reason}")]
    partial void LogTrouble(string reason);
}
