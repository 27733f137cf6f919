using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using RetrainLoop.Monitor.Metrics.Exposition;
using RetrainLoop.Tests.Monitor.Series;

namespace RetrainLoop.Tests.Monitor.Metrics;

public sealed class FigureGaugesTests(PostgresServer postgres) : SeriesHistory(postgres)
{
    [Fact]
    public async Task Run_ThenObserved_ReportsTheLastClosedMinute()
    {
        await PublishAsync(Batches.Deployment());
        Time.Advance(TimeSpan.FromMinutes(1));
        await SendAsync(Batches.Second(Start.AddSeconds(3), requests: 30));
        using var gauges = new FigureGauges(new LatestFigures(Database, Options.Create(Settings), Time), Time, NullLogger<FigureGauges>.Instance);
        await gauges.RunOnceAsync(default);

        var seen = new List<(string Name, double Value, string? Region)>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) => { if (instrument.Meter.Name == FigureGauges.MeterName) self.EnableMeasurementEvents(instrument); },
        };
        listener.SetMeasurementEventCallback<double>((instrument, value, labels, _) =>
            seen.Add((instrument.Name, value, labels.ToArray().FirstOrDefault(label => label.Key == "region").Value as string)));
        listener.Start();
        listener.RecordObservableInstruments();
        Assert.Contains(("retrainloop.requests.per.second", 0.5, "berlin"), seen);
    }
}
