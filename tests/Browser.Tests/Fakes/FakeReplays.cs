using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace RetrainLoop.Tests.Browser.Fakes;

/// <summary>Replays of the line: one that is judged, one that runs, one that failed; and an upload that is refused when its name says so.</summary>
public sealed class FakeReplays(FakeLine line)
{
    const int Days = 28, FramesPerDay = 2880;
    static readonly Guid Judged = Guid.NewGuid(), Running = Guid.NewGuid(), Failed = Guid.NewGuid();
    static readonly Guid Confidence = Guid.NewGuid(), Drop = Guid.NewGuid(), Latency = Guid.NewGuid();

    /// <summary>Bytes of the last upload.</summary>
    public long Uploaded { get; private set; }

    DateTimeOffset From => Midnight(0);

    /// <summary>As clocks on the line's wall show it.</summary>
    DateTimeOffset Midnight(int day)
    {
        var berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");
        return TimeZoneInfo.ConvertTimeToUtc(DateTime.SpecifyKind(line.Now.UtcDateTime.Date.AddDays(day - Days - 3), DateTimeKind.Unspecified), berlin);
    }

    public void Map(WebApplication app)
    {
        app.MapGet("/v1/deployments/{name}/replays", (string name) => name != FakeLine.Name ? [] : new[]
        {
            Info(Judged, "October, hall 3", ReplayState.Succeeded, 1),
            Info(Running, "Night shifts", ReplayState.Running, 0.37) with { EtaSeconds = 412, FinishedAt = null },
            Info(Failed, "Camera test", ReplayState.Failed, 0.02) with { Error = "Monitor refused (422): the replay's deployment is gone." },
        });
        app.MapPost("/v1/deployments/{name}/replays", AddAsync);
        app.MapPost("/v1/replays/{id:guid}/cancel", (Guid id) => Info(id, "Night shifts", ReplayState.Cancelled, 0.37));
        app.MapDelete("/v1/replays/{id:guid}", () => Results.NoContent());
        app.MapGet("/v1/replays/{id:guid}/report", (Guid id) => id == Failed ? Results.NotFound() : Results.Ok(Report(id)));
    }

    async Task<IResult> AddAsync(HttpRequest request, string name)
    {
        var buffer = new byte[81920];
        Uploaded = 0;
        while (await request.Body.ReadAsync(buffer) is var read and > 0) Uploaded += read;
        if (name == FakeLine.Name && !request.Query["name"].ToString().Contains("broken", StringComparison.Ordinal))
            return Results.Accepted(null, Info(Judged, request.Query["name"].ToString(), ReplayState.Queued, 0));
        ReplayFinding[] findings =
        [
            new("hall-3/cam-2/DSC0817.jpg", null, "says no time in its name or EXIF; name it like camera/2026-10-01T12-00-00Z.jpg, or list it in frames.csv"),
            new("frames.csv", 17, "'noon' is no time; write for example 2026-10-01T12:00:00Z, or Unix milliseconds"),
        ];
        return Results.Problem("Nothing is replayed. hall-3/cam-2/DSC0817.jpg: says no time in its name or EXIF. There are 2 findings; the first 2 are listed.",
            statusCode: 422, extensions: new Dictionary<string, object?> { ["findings"] = findings, ["findingCount"] = 2 });
    }

    ReplayInfo Info(Guid id, string name, ReplayState state, double share) => new(
        id, name, FakeLine.Name, name, FakeLine.Champion, state, Days * FramesPerDay, (int)(Days * FramesPerDay * share), state == ReplayState.Succeeded ? 14 : 0, 6, 3,
        From, Midnight(Days), null, null, null, "ada", line.Now.AddMinutes(-12), line.Now.AddMinutes(-4));

    ReplayReport Report(Guid id)
    {
        var days = id == Running ? 10 : Days;
        var periods = Enumerable.Range(0, days).Select(Period).ToList();
        var drifted = periods.Where(period => period.Level == DriftLevel.Drift).ToList();
        ReplayAlert[] alerts = id == Running ? [] :
        [
            new(Confidence, "Confidence drifted", AlertSeverity.Warning, Midnight(19), null, 0.11, null, "distance",
                "Drift on confidence: KS distance 0.112, mean 0.741 -> 0.702. Shifted: distance 0.108, adjusted p = 0.018, effective n = 412 of 18,440.", "drift-confidence"),
            new(Drop, "Detections per request dropped", AlertSeverity.Critical, Midnight(25).AddHours(9.2), Midnight(25).AddHours(13.5), 2.9, 3.4, "detections/request",
                "Detections per request 2.9, usual is 6.8; under 3.4 is a drop.", "detections-per-request"),
        ];
        return new ReplayReport(id, FakeLine.Name, id == Running ? "Night shifts" : "October, hall 3", FakeLine.Champion, From, Midnight(Days), Midnight(7),
            Midnight(days), days == Days,
            new ReplayFigures(periods.Sum(period => period.Frames), 14, periods.Sum(period => period.Detections), 6.54, 0.714, days, drifted.Count,
                drifted.FirstOrDefault()?.From, drifted.FirstOrDefault()?.From, alerts.Length),
            periods, alerts,
            [new(Latency, "p95 latency over budget", "Latency in a replay is that of the machine that replays, not that of the time."),
                new(Guid.NewGuid(), "No data", "An archive holds the frames that somebody kept, so counts per time and silence say nothing. What counts per frame is judged.")]);
    }

    ReplayPeriod Period(int day)
    {
        var (fall, wobble) = (Math.Max(0, day - 17) * 0.008, 0.006 * Math.Sin(day * 1.9));
        var level = day < 7 ? (DriftLevel?)null : day == 12 ? DriftLevel.KsOnly : day > 17 ? DriftLevel.Drift : DriftLevel.Stable;
        var perRequest = 6.8 + 12 * wobble - 14 * fall - (day == 25 ? 1.6 : 0);
        SignalDrift Signal(string name, double before, double now, double distance) => new(
            name, name is "boxArea" ? DriftLevel.Stable : level ?? DriftLevel.Stable, distance, 1e-9, 0.1, 0.03, 136_000, 18_440, 412, 0.004, before, now, "Shifted: distance 0.108, adjusted p = 0.018.");
        return new ReplayPeriod(Midnight(day), Midnight(day + 1), FramesPerDay, day == 9 ? 14 : 0, (long)(FramesPerDay * perRequest), perRequest, 0.741 + wobble - fall,
            128 - 350 * fall + 300 * wobble, day < 7, level, level is null ? [] : [Signal("confidence", 0.741, 0.741 - fall, 0.03 + 3 * fall), Signal("boxArea", 0.031, 0.0312, 0.021), Signal("brightness", 128, 128 - 350 * fall, 0.04 + 8 * fall)]);
    }
}
