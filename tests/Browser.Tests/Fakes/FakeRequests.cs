using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace RetrainLoop.Tests.Browser.Fakes;

/// <summary>Requests of the line that failed or were sampled, over some hours: 70 of them, so that there is a second page.</summary>
public sealed class FakeRequests(FakeLine line)
{
    public const string Sampled = "01JD9A0000SAMPLED000000003", Refused = "01JD9A0000REFUSED000000002";
    const int Count = 70;

    public bool IsAway { get; set; }

    internal void Map(WebApplication app)
    {
        app.MapGet("/v1/requests", (string deployment, RequestOutcome? outcome, long? before, int limit) =>
        {
            if (IsAway) return Results.StatusCode(503);
            var found = Enumerable.Range(0, deployment == FakeLine.Name ? Count : 0).Select(index => (Position: (long)(Count - index), Request: Request(index)))
                .Where(one => (outcome is null || one.Request.Outcome == outcome) && (before is null || one.Position < before)).ToList();
            var page = found.Take(limit).ToList();
            return Results.Ok(new RequestPage([.. page.Select(one => one.Request)], found.Count > limit ? page[^1].Position : null));
        });
        app.MapGet("/v1/requests/{id}", (string id) => Enumerable.Range(0, Count).Select(Request).FirstOrDefault(request => request.Id == id) is { } found
            ? Results.Ok(found) : Results.NotFound());
    }

    RequestInfo Request(int index)
    {
        var at = line.Now.AddSeconds(-37 * index);
        return (index % 7) switch
        {
            1 => New(index, at, RequestOutcome.Overloaded, 429, "64 frames wait already; try again in 1 s.", "detroit-cam-1", [null]),
            2 => New(
                index, at, RequestOutcome.BadInput, 415, "'belt-0412.jpg' is not an image: it begins like a text file. JPEG, PNG, WebP, BMP and GIF are read.", "munich-cam-2",
                ["belt-0412.jpg", "belt-0413.jpg"]),
            5 => New(index, at, RequestOutcome.Timeout, 504, "No answer within 5,000 ms.", "suzhou-cam-3", ["frame.png"]),
            6 => New(index, at, RequestOutcome.Failed, 500, "The model failed on this frame: [ONNXRuntimeError] : 1 : FAIL : Non-zero status code returned while running Concat node. Name:'/model.12/Concat'", "pune-cam-1", [null]),
            _ => New(index, at, RequestOutcome.Ok, 200, index % 2 == 0 ? "Sampled: Random." : "Sampled: ConfidenceBand.", "munich-cam-1", ["frame.jpg"]),
        };
    }

    static RequestInfo New(int index, DateTimeOffset at, RequestOutcome outcome, int status, string reason, string camera, string?[] files) => new(
        index switch { 3 => Sampled, 2 => Refused, _ => $"01JD9A{index:D20}" }, FakeLine.Name, outcome, status, reason, outcome == RequestOutcome.Failed ? FakeLine.Candidate : FakeLine.Champion,
        outcome == RequestOutcome.Failed ? ModelSlot.Candidate : ModelSlot.Champion, camera.Split('-')[0], camera, $"f-{index}", at,
        [.. files.Select(file => new RequestImage(file, outcome, status, reason, outcome == RequestOutcome.Ok ? FakeSamples.IdOf(index) : null))]);
}
