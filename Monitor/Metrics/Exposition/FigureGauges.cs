using System.Diagnostics.Metrics;
using RetrainLoop.ServiceDefaults.Hosting;

namespace RetrainLoop.Monitor.Metrics.Exposition;

/// <summary>The same figures as OpenTelemetry gauges, read every ten seconds, for whatever collector OTEL_EXPORTER_OTLP_ENDPOINT names.</summary>
sealed class FigureGauges : RecurringWork
{
    public const string MeterName = "RetrainLoop.Monitor";
    readonly LatestFigures figures;
    readonly Meter meter = new(MeterName);
    readonly HashSet<string> known = [];
    volatile IReadOnlyList<LatestFigure> latest = [];

    public FigureGauges(LatestFigures figures, TimeProvider time, ILogger<FigureGauges> logger) : base(time, logger) => this.figures = figures;

    protected override TimeSpan Interval => TimeSpan.FromSeconds(10);

    public override async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        latest = await figures.ReadAsync(null, cancellationToken);
        foreach (var figure in latest)
            if (known.Add(figure.Name))
                meter.CreateObservableGauge(figure.Name.Replace('_', '.'), () => Measure(figure.Name), figure.Unit, figure.Help);
    }

    public override void Dispose()
    {
        meter.Dispose();
        base.Dispose();
    }

    IEnumerable<Measurement<double>> Measure(string name) => latest.Where(figure => figure.Name == name)
        .Select(figure => new Measurement<double>(figure.Value, figure.Labels.Select(label => new KeyValuePair<string, object?>(label.Key, label.Value))));
}
