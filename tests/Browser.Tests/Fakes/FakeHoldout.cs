using Microsoft.AspNetCore.Builder;

namespace RetrainLoop.Tests.Browser.Fakes;

/// <summary>Twelve weeks on both holdouts with three drops at the end, and what lies behind the newest figure.</summary>
public sealed class FakeHoldout(FakeLine line)
{
    static readonly Guid Evaluation = Guid.NewGuid();

    internal void Map(WebApplication app)
    {
        app.MapGet("/v1/deployments/{name}/holdout", (string name) => History(name));
        app.MapGet("/v1/evaluations/{id:guid}/details", () => Details());
    }

    HoldoutHistory History(string name)
    {
        if (name == "weld-seam") return new HoldoutHistory(name, [], [], new HoldoutVerdict(false, null, false, null, ""), new LabelsNeeded(0.02, null, 0, null, "There is no interval yet."), null, null, false);
        var live = Points("line-live", 12, week => 0.742 - 0.002 * week - (week > 8 ? 0.017 * (week - 8) : 0), 0.024);
        var locked = Points("line-holdout", 12, week => 0.751 - 0.001 * (week % 3), 0.019);
        return new HoldoutHistory(
            name, [new HoldoutCurve("live-holdout", live), new HoldoutCurve("locked-holdout", locked)],
            [
                new HoldoutMarker("rollout", line.Now.AddDays(-60), FakeLine.Champion, "line v1 took over from line v0"),
                new HoldoutMarker("baseline", line.Now.AddDays(-58), FakeLine.Champion, "Baseline of line v1 locked"),
            ],
            new HoldoutVerdict(
                true, new HoldoutChange(live[4].Evaluation, live[^1].Evaluation, -0.065, -0.091, -0.038, false, 264, true),
                true, new HoldoutChange(live[^4].Evaluation, live[^1].Evaluation, -0.055, -0.081, -0.028, false, 264, true),
                "The live curve lies 6.5 points under its value at the lock, beyond chance, and fell three weeks in a row; the locked curve holds. The world moved, not the service.")
            {
                AtLock = live[4].MeanAveragePrecision, Drop = 0.01, Weeks = 3,
            },
            new LabelsNeeded(0.02, 0.048, 264, 1_257, "Widths fall with the root of the number of images: 264 × (4.8 / 2)² − 264."),
            live[^1].At, line.Now.AddDays(6), false);
    }

    IReadOnlyList<HoldoutPoint> Points(string dataset, int weeks, Func<int, double> value, double half) =>
        [.. Enumerable.Range(0, weeks).Select(week => new HoldoutPoint(
            week == weeks - 1 ? Evaluation : Guid.NewGuid(), line.Now.AddDays(-7 * (weeks - 1 - week)).AddHours(-3), FakeLine.Champion, new DatasetRef(dataset, week + 1), value(week), value(week) - half, value(week) + half,
            264, 1_604, [.. FakeLine.Classes.Select((name, index) => Category(name, index, value(week) + 0.05 - 0.03 * index - (index == 1 && week > 8 ? 0.03 * (week - 8) : 0)))]))];

    static CategoryResult Category(string name, int index, double ap) => new(index + 1, name, ap, ap + 0.2, ap + 0.06) { Objects = 512 - 90 * index, Detections = 540 - 90 * index };

    static EvaluationDetails Details() => new(
        [.. FakeLine.Classes.Select((name, index) => Category(name, index, 0.7 - 0.04 * index))], new OperatingPoint(0.38, 0.861, 0.884, 0.839),
        [.. new (int? Id, string Name, double Bend)[] { (null, "all", 5), (1, "washer", 7), (2, "nut", 3), (3, "bolt", 6), (4, "gear", 5) }.Select(curve => new PrecisionRecall(
            curve.Id, curve.Name, 0.5, [.. Enumerable.Range(0, 101).Select(recall => Math.Max(0, 1 - Math.Pow(recall / 100.0, curve.Bend)))], []))],
        new ConfusionMatrix(FakeLine.Classes, 0.38, 0.5, [[431, 12, 0, 3, 66], [31, 318, 2, 5, 66], [0, 1, 290, 2, 39], [6, 8, 1, 204, 23], [18, 27, 9, 6, 0]]), []);
}
