using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using RetrainLoop.Contracts;
using RetrainLoop.Monitor.Metrics;
using RetrainLoop.Monitor.Series;
using RetrainLoop.Monitor.Telemetry;
using RetrainLoop.ServiceDefaults;

namespace RetrainLoop.Monitor.Replays;

/// <summary>Charts of a replay: the same query and the same lines as those of live series, over the replay's own time.</summary>
static class ReplayMetrics
{
    public static async Task<Results<Ok<MetricsResponse>, FileContentHttpResult, ProblemHttpResult>> QueryAsync(
        NpgsqlDataSource database, string deployment, Guid id, MetricRequest request, CancellationToken cancellationToken)
    {
        if (await ReplayStore.FindAsync(database, id, cancellationToken) is not { } replay || replay.Deployment != deployment)
            return Problem.NotFound($"There is no replay {id} of {deployment} here: it has not sent its first frames yet, or it was deleted.");
        var (chart, refusal) = MetricChart.Parse(request with { From = request.From ?? replay.From, To = request.To ?? replay.To }, replay.Zone, replay.To);
        if (chart is null) return Problem.BadRequest(refusal!);
        if (chart.Range.Step % Resolutions.Minute != 0) return Problem.BadRequest("A replay keeps minutes: take a step that is a multiple of 60.");
        return MetricsApi.Answer(deployment, request, await ReadAsync(database, replay, chart, cancellationToken));
    }

    static async Task<MetricsResponse> ReadAsync(NpgsqlDataSource database, Replay replay, MetricChart chart, CancellationToken cancellationToken)
    {
        var table = new MetricTable(chart);
        for (var from = chart.Range.StepOf(chart.Range.From); from < chart.Range.To; from += ReplaySeries.Piece)
            foreach (var minute in await ReplaySeries.ReadAsync(database, replay, from, from + ReplaySeries.Piece < chart.Range.To ? from + ReplaySeries.Piece : chart.Range.To, cancellationToken))
            {
                var series = new SeriesKey(replay.Deployment, minute.Model, minute.Slot, minute.Region, minute.Camera);
                if (chart.Filter.Holds(series)) table.At(series, minute.Start.ToUnixTimeSeconds()).Add(minute.Sketch);
            }
        // Without a frame nothing is known about a step: an archive has gaps, not silence.
        return new MetricsResponse(MetricQuery.Run(chart, table.Steps(new TelemetryCoverage([]))), chart.Metric.Unit(), chart.Range.Step);
    }
}
