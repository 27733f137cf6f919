using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace RetrainLoop.Tests.Browser.Fakes;

/// <summary>The registry, uploads, deployments made of it, and pictures tried on them.</summary>
public sealed class FakeModels(FakeLine line)
{
    public const string Refusal =
        "This model cannot be served: its output is [1, 1000], which is no detector's. Supported are the heads of YOLOv5/v7 [1, N, 5 + classes], "
        + "YOLOv8/v9/v11 [1, 4 + classes, N], end-to-end [1, K, 6] and YOLOX.";

    /// <summary>The fields and sizes of files of each upload, and who sent it.</summary>
    public ConcurrentQueue<(string? Name, string? Spec, long Bytes, bool HasCheckpoint, string Actor)> Uploads { get; } = [];
    public ConcurrentQueue<(string Deployment, DeploymentRequest Request, string Actor)> Deployed { get; } = [];
    public ConcurrentQueue<(RolloutRequest Request, string Actor)> Rollouts { get; } = [];
    /// <summary>Query, camera and size of each tried picture, and whether it came as a trial of the stack's own.</summary>
    public ConcurrentQueue<(string Query, string Camera, int Bytes, bool Trial)> Tried { get; } = [];
    /// <summary>Set = uploads are refused with it.</summary>
    public string? Refuse { get; set; }
    /// <summary>The registry has every upload already.</summary>
    public bool Knows { get; set; }
    /// <summary>Set = an upload is answered after it.</summary>
    public TaskCompletionSource? Held { get; set; }
    /// <summary>So many pictures are turned away as too many.</summary>
    public int TurnAway { get; set; }

    internal void Map(WebApplication app)
    {
        app.MapGet("/v1/models", All);
        app.MapGet("/v1/models/{name}/versions/{version:int}", (string name, int version) => All().FirstOrDefault(model => model.Ref == new ModelRef(name, version)));
        app.MapPost("/v1/models", UploadAsync).DisableAntiforgery();
        app.MapPut("/v1/deployments/{name}", (string name, DeploymentRequest request, HttpRequest http) =>
        {
            Deployed.Enqueue((name, request, Actor(http)));
            if (line.RefuseSettings is { } refusal) return Results.Problem(refusal, statusCode: 400);
            if (!request.Force && FakeLine.Names.Contains(name)) line.Settings[name] = request with { Sampling = line.Deployment(name).Sampling };
            return Results.Ok(line.Deployment(name));
        });
        app.MapPost("/v1/rollouts", (RolloutRequest request, HttpRequest http) =>
        {
            Rollouts.Enqueue((request, Actor(http)));
            return FakeInference.Rollout(line, Guid.NewGuid());
        });
        app.MapPost("/v1/deployments/{name}/predict", PredictAsync);
        app.MapGet("/v1/deployments/{name}/snippets", (string name) => new PredictSnippets(name, $"http://127.0.0.1:8081/v1/deployments/{name}/predict",
        [
            new("curl", "curl", $"curl -H \"Authorization: Bearer $API_KEY\" \\\n  --data-binary @frame.jpg \\\n  http://127.0.0.1:8081/v1/deployments/{name}/predict"),
            new("python", "Python (requests)", $"import os, requests\n\nwith open(\"frame.jpg\", \"rb\") as frame:\n    answer = requests.post(\"http://127.0.0.1:8081/v1/deployments/{name}/predict\",\n                           headers={{\"Authorization\": f\"Bearer {{os.environ['API_KEY']}}\"}}, data=frame)\nprint(answer.json())"),
            new("javascript", "JavaScript (fetch)", "const answer = await fetch(url, { method: 'POST', headers, body: file });"),
            new("csharp", "C# (HttpClient)", "using var http = new HttpClient();"),
        ]));
    }

    IReadOnlyList<ModelVersionInfo> All() =>
    [
        Model("line", 1, DetectorHead.Yolov8, 256, 9, new ModelLineage(Guid.NewGuid(), new DatasetRef("line-training", 1)), 0.742),
        Model("line", 2, DetectorHead.Yolov8, 256, 0.04, new ModelLineage(Guid.NewGuid(), new DatasetRef("line-training", 2), new ModelRef("line", 1), Guid.NewGuid().ToString()), 0.751),
        Model("packing-yolov5s", 1, DetectorHead.Yolov5, 640, 30, new ModelLineage(), null),
        Model("gate-yolox", 3, DetectorHead.Yolox, 416, 61, new ModelLineage(), null),
    ];

    ModelVersionInfo Model(string name, int version, DetectorHead head, int size, double daysAgo, ModelLineage lineage, double? map) => new(
        name, version, Sha(name, version), head, size, name == "gate-yolox" ? ["person", "forklift", "pallet", "bicycle", "truck"] : FakeLine.Classes, 32,
        new ArtifactRef($"http://inference/v1/blobs/{Sha(name, version)}", Sha(name, version), 6_412_338),
        map is null ? null : new ArtifactRef("http://inference/v1/blobs/c", Sha(name, 9), 12_770_112), map is not null, lineage,
        map is { } value ? new Dictionary<string, double> { ["mAP50"] = value + 0.19, ["mAP50-95"] = value } : new Dictionary<string, double>(),
        size / 40.0, line.Now.AddDays(-daysAgo));

    async Task<IResult> UploadAsync(HttpRequest request)
    {
        var form = await request.ReadFormAsync();
        Uploads.Enqueue((form["name"], form["spec"], form.Files["file"]!.Length, form.Files["checkpoint"] is not null, Actor(request)));
        if (Held is { } gate) await gate.Task;
        return Refuse is { } refusal
            ? Results.Problem(refusal, statusCode: 422)
            : Knows ? Results.Ok(All()[1])
            : Results.Created("/v1/models/line/versions/3", All()[1] with { Name = form["name"].ToString(), Version = 1 });
    }

    async Task<IResult> PredictAsync(HttpRequest request)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body);
        Tried.Enqueue((request.QueryString.Value!, request.Headers["X-Camera"].ToString(), (int)body.Length,
            request.Headers["X-Trial"] == "true" && request.Headers.Authorization == $"Bearer {FakeStack.ServiceToken}"));
        if (TurnAway > 0)
        {
            TurnAway--;
            return Results.Problem("The queue of line is full. Try again in a second.", statusCode: 429);
        }
        var bytes = body.ToArray();
        if (bytes is not [0xFF, 0xD8, ..]) return Results.Problem("'upload' is not an image: it begins like a text file. JPEG, PNG, WebP, BMP and GIF are read.", statusCode: 415);
        if (request.Query["annotate"] == "true") return Results.Bytes(FakeFrames.Draw(7).Jpeg, "image/jpeg");
        var seen = FakeFrames.Draw(7).Seen;
        return Results.Ok(new PredictResponse("01JD8Z3V7Q", FakeLine.Champion, [new ImagePrediction(FakeFrames.Width, FakeFrames.Height, seen, new StageTimings(0.4, 3.1, 17.8, 0.5))]));
    }

    static string Actor(HttpRequest request) => request.Headers["X-Acting-User"].ToString();

    static string Sha(string name, int version) => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes($"{name}{version}")));
}
