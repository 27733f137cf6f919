using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace RetrainLoop.Tests.Browser.Fakes;

/// <summary>A queue of frames with leases and ETags, as far as the label page sees them.</summary>
public sealed class FakeLabeling(FakeLine line)
{
    readonly ConcurrentDictionary<string, byte[]> pictures = [];
    readonly List<LabelTask> tasks = [];
    readonly Lock gate = new();

    /// <summary>What was submitted, in order.</summary>
    public ConcurrentQueue<LabelSubmission> Submitted { get; } = [];
    public ConcurrentQueue<LabelSubmission> Drafts { get; } = [];
    public ConcurrentQueue<string?> Skipped { get; } = [];
    /// <summary>Names that came in X-Acting-User.</summary>
    public ConcurrentQueue<string> Actors { get; } = [];
    /// <summary>Set = every change of a leased task is refused as if the lease had run out.</summary>
    public bool LoseLeases { get; set; }

    /// <summary>What the model saw in all frames.</summary>
    public IReadOnlyList<Detection> Seen
    {
        get
        {
            lock (gate) return [.. tasks.SelectMany(task => task.PreAnnotations)];
        }
    }

    /// <summary>Puts frames into the queue.</summary>
    public void Add(int count)
    {
        lock (gate)
            for (var index = 0; index < count; index++) tasks.Add(Frame(tasks.Count + 1));
    }

    /// <summary>Serves a picture under its hash in the name of its owner.</summary>
    public ArtifactRef Keep(byte[] jpeg, string sha256, string owner)
    {
        pictures[sha256] = jpeg;
        return new ArtifactRef($"http://{owner}/v1/blobs/{sha256}", sha256, jpeg.Length);
    }

    internal void Map(WebApplication app)
    {
        app.MapGet("/v1/queue", Queue);
        app.MapGet("/v1/deployments/{name}/queue", Queue);
        app.MapPost("/v1/tasks/claim", (HttpRequest request) => Claim(request));
        app.MapGet("/v1/tasks/{id:guid}", (Guid id) => tasks.Find(task => task.Id == id));
        app.MapPost("/v1/tasks/{id:guid}/heartbeat", (Guid id) => Change(id, task => task with { LeaseUntil = line.Now.AddMinutes(5) }));
        app.MapPut("/v1/tasks/{id:guid}/draft", (Guid id, LabelSubmission draft) => Change(id, task =>
        {
            Drafts.Enqueue(draft);
            return task with { Draft = draft.Boxes };
        }));
        app.MapPost("/v1/tasks/{id:guid}/submit", (Guid id, LabelSubmission submission, HttpRequest request) =>
            request.Headers.IfMatch != tasks.Find(task => task.Id == id)!.ETag
                ? Results.Problem("The task changed since.", statusCode: 412)
                : Change(id, task =>
                {
                    Submitted.Enqueue(submission);
                    return task with { State = LabelTaskState.Accepted, Lease = null, Boxes = submission.Boxes };
                }));
        app.MapPost("/v1/tasks/{id:guid}/skip", (Guid id, LeaseCommand command) => Change(id, task =>
        {
            Skipped.Enqueue(command.Reason);
            return task with { State = LabelTaskState.Skipped, Lease = null };
        }));
        app.MapGet("/v1/blobs/{sha256}", (string sha256) => pictures.TryGetValue(sha256, out var bytes) ? Results.Bytes(bytes, "image/jpeg") : Results.NotFound());
    }

    QueueInfo Queue()
    {
        lock (gate)
            return new QueueInfo(null, Count(LabelTaskState.Waiting), Count(LabelTaskState.Leased), 0, Count(LabelTaskState.Accepted), Count(LabelTaskState.Skipped), 0);
        int Count(LabelTaskState state) => tasks.Count(task => task.State == state);
    }

    IResult Claim(HttpRequest request)
    {
        lock (gate)
        {
            Actors.Enqueue(request.Headers["X-Acting-User"].ToString());
            var at = tasks.FindIndex(task => task.State == LabelTaskState.Waiting);
            if (at < 0) return Results.NoContent();
            tasks[at] = tasks[at] with { State = LabelTaskState.Leased, Lease = Guid.NewGuid(), LeaseUntil = line.Now.AddMinutes(5), ETag = "\"2\"" };
            return Results.Ok(tasks[at]);
        }
    }

    IResult Change(Guid id, Func<LabelTask, LabelTask> change)
    {
        lock (gate)
        {
            if (LoseLeases) return Results.Problem("The lease ran out and the frame went back to the queue.", statusCode: 409);
            var at = tasks.FindIndex(task => task.Id == id);
            var changed = change(tasks[at]);
            tasks[at] = changed with { ETag = $"\"{int.Parse(changed.ETag.Trim('"'), System.Globalization.CultureInfo.InvariantCulture) + 1}\"" };
            return Results.Ok(tasks[at]);
        }
    }

    LabelTask Frame(int number)
    {
        var (jpeg, sha256, seen) = FakeFrames.Draw(number);
        pictures[sha256] = jpeg;
        return new LabelTask(
            Guid.NewGuid(), FakeLine.Name, Guid.NewGuid(), $"cam-2-{number:000000}", "munich-cam-2", "munich", line.Now.AddMinutes(-9 - number), SampleReason.DriftScore,
            LabelTaskState.Waiting, 0.83, new ArtifactRef($"http://labeling/v1/blobs/{sha256}", sha256, jpeg.Length), FakeFrames.Width, FakeFrames.Height, FakeLine.Classes,
            seen, null, null, null, null, "\"1\"", null);
    }
}
