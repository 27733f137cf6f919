using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using RetrainLoop.Tests.Inference.Images;
using SkiaSharp;

namespace RetrainLoop.Tests.Inference.Hostile;

/// <summary>
/// Thousands of spoiled requests over real HTTP, the same ones in each run. Whatever comes, the answer is the sender's fault (4xx) or a success,
/// memory stays bounded, and the next good request works.
/// </summary>
[Collection(nameof(MeasuresMemory))]
public sealed class HostileRequestTests(PostgresServer postgres, RedisServer redis) : IAsyncLifetime
{
    const string Path = "/v1/deployments/line/predict";
    const double MostMegabytes = 600;
    readonly InferenceService inference = new(postgres, redis);
    readonly Random random = new(20261123);
    readonly List<string> faults = [];
    HttpClient client = null!;
    byte[][] pictures = [];

    Mutation Mutation => new(random);

    public async ValueTask InitializeAsync()
    {
        client = await inference.ListenAsync(("Images:MaxMegabytes", "2"), ("Predict:MaxRequestMegabytes", "4"), ("Predict:AllowUrls", "true"),
            ("Execution:QueueCapacity", "1000"), ("Requests:FailuresPerMinute", "100000"), ("Models:MaxUploadMegabytes", "4"));
        await InferenceService.RegisterAsync(client, "tiny", TinyModel.Create());
        await InferenceService.DeployAsync(client, "line", new DeploymentRequest("tiny", 1, Sampling: new SamplingPolicy(RandomPerCameraHour: 1_000_000)));
        pictures = [.. new[] { SKEncodedImageFormat.Jpeg, SKEncodedImageFormat.Png, SKEncodedImageFormat.Webp }.Select(Picture),
            PngWriter.Write(30, 20, 16, 6, true, (x, y, channel) => (x * 997 + y * 31 + channel) & 0xffff)];
    }

    public ValueTask DisposeAsync() => inference.DisposeAsync();

    [Fact]
    public Task Predict_SpoiledPictures_AreTheSendersFault() => FuzzAsync(1500, async _ =>
    {
        var file = Mutation.Spoil(Mutation.Pick(pictures));
        using var request = InferenceService.Predict("line", file, Mutation.Pick("", "?annotate=true", "?conf=0.001"),
            ("X-Camera", $"c{random.Next(3000)}"), ("X-Region", $"r{random.Next(3000)}"));
        if (random.Next(5) == 0) request.Content!.Headers.ContentEncoding.Add(Mutation.Pick("gzip", "br", "deflate"));
        using var response = await client.SendAsync(request);
        return (int)response.StatusCode;
    });

    [Fact]
    public Task Predict_SpoiledHttp_IsTheSendersFault() => FuzzAsync(1200, _ => RawHttp.SendAsync(client.BaseAddress!, random.Next(3) switch
    {
        0 => Multipart(),
        1 => Headers(),
        _ => Lengths(),
    }));

    [Fact]
    public async Task Json_BombsAndBrokenGzip_AreRefusedInBoundedMemory()
    {
        var bomb = Gzip(stream =>
        {
            var block = new byte[1 << 20];
            Array.Fill(block, (byte)' ');
            for (var i = 0; i < 300; i++) stream.Write(block);
        });
        var bodies = new[] { bomb, Gzip(stream => stream.Write("{\"url\": \"x\"}"u8))[..15], "no gzip"u8.ToArray(), Encoding.UTF8.GetBytes(new string('[', 100_000)) };
        var paths = new[] { Path, "/v1/detection-jobs", "/v1/models", "/v1/models/from-artifacts", "/v1/rollouts", "/v1/comparisons" };
        await FuzzAsync(bodies.Length * paths.Length, async i =>
        {
            using var content = new ByteArrayContent(bodies[i % bodies.Length]);
            content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            if (i % bodies.Length < 3) content.Headers.ContentEncoding.Add("gzip");
            using var response = await client.PostAsync(paths[i / bodies.Length], content);
            return (int)response.StatusCode;
        });
    }

    [Fact]
    public Task Upload_SpoiledModels_AreRefusedOrRun()
    {
        var model = TinyModel.Create();
        return FuzzAsync(400, async i =>
        {
            using var form = new MultipartFormDataContent
            {
                { new StringContent($"fuzz-{i}"), "name" }, { new ByteArrayContent(Mutation.Spoil(model)), "file", "model.onnx" },
            };
            if (random.Next(4) == 0) form.Add(new StringContent(Encoding.UTF8.GetString(
                Mutation.SpoilJson("""{ "head": "yolov8", "classNames": ["a", "b"], "imageSize": 64 }"""))), "spec");
            using var response = await client.PostAsync("/v1/models", form);
            return (int)response.StatusCode;
        });
    }

    [Fact]
    public async Task Json_SpoiledDocuments_AreTheSendersFault()
    {
        await InferenceService.DeployAsync(client, "fuzz", new DeploymentRequest("tiny", 1));
        var calls = new (HttpMethod Method, string Path, string Body)[]
        {
            (HttpMethod.Put, "/v1/deployments/fuzz", """{"model":"tiny","version":1,"latencyBudgetMs":200,"zone":"Europe/Berlin","operatingPoint":0.3,"regions":[{"name":"a","displayName":"A","latitude":1,"longitude":2}],"sampling":{"randomPerCameraHour":3,"classes":["dark"],"caps":{"perMinute":1,"perHour":1,"perDay":1}},"force":true,"reason":"x"}"""),
            (HttpMethod.Put, "/v1/deployments/fuzz/sampling", """{"randomPerCameraHour":2,"bandLow":0.2,"bandHigh":0.5,"keepEmptyFrames":true,"classes":["a"],"lowMargin":0.1,"driftScore":{"table":{"model":{"name":"tiny","version":1},"signals":{"confidence":[0.1,0.2]}},"threshold":1,"until":"2027-01-01T00:00:00Z"}}"""),
            (HttpMethod.Post, "/v1/detection-jobs", """{"key":"k","model":{"name":"tiny","version":1},"purpose":"p","images":[{"key":"a","image":{"uri":"http://inference/v1/blobs/x","sha256":"ab","length":3}}],"confidence":0.1,"ioU":0.5,"maxDetections":5}"""),
            (HttpMethod.Post, "/v1/models/from-artifacts", """{"key":"k","name":"n","onnx":{"uri":"http://inference/v1/blobs/x","sha256":"ab","length":3},"checkpoint":null,"lineage":{"dataset":{"name":"d","version":1}},"metrics":{"mAP50":0.5}}"""),
            (HttpMethod.Post, "/v1/rollouts", """{"key":"k","deployment":"fuzz","candidate":{"name":"tiny","version":1},"steps":[{"weight":0.1,"bakeSeconds":1,"minimumRequests":1}]}"""),
            (HttpMethod.Post, "/v1/comparisons", """{"deployment":"fuzz","model":{"name":"tiny","version":1},"from":"2026-01-01T00:00:00Z","to":"2026-02-01T00:00:00Z","maximumFrames":10}"""),
        };
        await FuzzAsync(3000, async _ =>
        {
            var (method, path, body) = Mutation.Pick(calls);
            using var content = new ByteArrayContent(Mutation.SpoilJson(body));
            content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            using var request = new HttpRequestMessage(method, path) { Content = content };
            using var response = await client.SendAsync(request);
            return Told(response, content);
        });
        using var fuzzed = await client.SendAsync(InferenceService.Predict("fuzz", TestImage.Gray(20)));
        Assert.True((int)fuzzed.StatusCode < 500, $"a deployment with a spoiled policy answers {(int)fuzzed.StatusCode}");
    }

    [Fact]
    public Task Get_HostileAddresses_AreTheSendersFault()
    {
        string[] hostile = ["%00", "%ff%fe", "..%2f..%2fetc%2fpasswd", new string('a', 4000), "%F0%9F%98%80", "'--", "-1", "99999999999999999999", "NaN", "%20"];
        string[] paths = ["/v1/models/{0}/versions/1", "/v1/deployments/{0}", "/v1/deployments/{0}/frames", "/v1/requests/{0}", "/v1/requests?deployment={0}",
            "/v1/requests?outcome={0}", "/v1/requests?before={0}", "/v1/requests?limit={0}", "/v1/blobs/{0}", "/v1/changes?after={0}", "/v1/changes?kinds={0}",
            "/v1/frames/{0}", "/v1/detection-jobs/{0}", "/v1/rollouts?deployment={0}", "/v1/deployments/{0}/snippets", "/v1/comparisons?deployment={0}",
            "/v1/deployments/line/frames?after={0}&limit={0}"];
        return FuzzAsync(hostile.Length * paths.Length, i => RawHttp.SendAsync(client.BaseAddress!, RawHttp.Request(
            "GET", string.Format(paths[i / hostile.Length], hostile[i % hostile.Length]), [Key], [])));
    }

    async Task FuzzAsync(int cases, Func<int, Task<int>> send)
    {
        await Eventually.TrueAsync(async () => (await client.SendAsync(InferenceService.Predict("line", TestImage.Gray(20)))).IsSuccessStatusCode, "it serves");
        var megabytes = PeakMemory.CanBeMeasured ? PeakMemory.MegabytesOf(() => RunAsync().GetAwaiter().GetResult()) : 0;
        if (!PeakMemory.CanBeMeasured) await RunAsync();
        Assert.True(faults.Count == 0, $"{faults.Count} of {cases}:\n{string.Join('\n', faults.Distinct().Take(20))}");
        Assert.True(megabytes < MostMegabytes, $"{cases} cases took {megabytes:F0} MB");
        using var good = await client.SendAsync(InferenceService.Predict("line", TestImage.Gray(20)));
        Assert.Equal(HttpStatusCode.OK, good.StatusCode);

        async Task RunAsync()
        {
            for (var i = 0; i < cases; i++)
                if (await send(i) is >= 500 and not (503 or 504) and var status) faults.Add($"case {i}: {status}");
        }
    }

    int Told(HttpResponseMessage response, HttpContent sent)
    {
        var status = (int)response.StatusCode;
        if (status is >= 500 and not (503 or 504))
            faults.Add($"{status} for {response.RequestMessage!.RequestUri!.AbsolutePath} {sent.ReadAsStringAsync().Result[..Math.Min(300, (int)sent.Headers.ContentLength!)]}");
        return status;
    }

    static (string, byte[]) Key => ("Authorization", Encoding.ASCII.GetBytes($"Bearer {ServiceUnderTest<Program>.ServiceToken}"));

    byte[] Multipart()
    {
        var boundary = Mutation.Pick("b", "b", "b", "", "\"", new string('b', 5000), "--b", "b\"; x=\"");
        var name = Mutation.Pick("x.jpg", "", "\u0000", new string('n', 20_000), "\"quoted\"", "a\r\nX-Camera: evil", "../../x", "\u00ff\u00fe");
        byte[] body =
        [
            .. Encoding.Latin1.GetBytes($"--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n"), .. Mutation.Pick(pictures),
            .. Encoding.Latin1.GetBytes(Mutation.Pick("\r\n--b--\r\n", "", "\r\n--b", "\r\n--c--\r\n", "\r\n--b\r\n\r\n--b--")),
        ];
        if (random.Next(2) == 0) body = Mutation.Spoil(body);
        return RawHttp.Request("POST", Path,
            [Key, ("Content-Type", Encoding.Latin1.GetBytes($"multipart/form-data; boundary={boundary}")), ("Content-Length", Number(body.Length))], body);
    }

    byte[] Headers()
    {
        byte[][] values = [[0xff, 0xfe, 0x80], "a\u0000b"u8.ToArray(), Encoding.UTF8.GetBytes("Kamera \ud83d\ude00"), [0x01, 0x1b, (byte)'['], [],
            Encoding.ASCII.GetBytes(new string('x', random.Next(1, 30_000))), "'; drop table sampled_frames; --"u8.ToArray(), "9999-99-99"u8.ToArray(),
            "0001-01-01T00:00:00+14:00"u8.ToArray(), "9999-12-31T23:59:59-12:00"u8.ToArray(), "NaN"u8.ToArray(), "<script>"u8.ToArray()];
        string[] queries = ["", "?conf=NaN", "?conf=-1", "?iou=1e999", "?imgsz=-5", "?imgsz=2147483648", "?imgsz=320", "?classes=%00", "?classes=-1,99999999999",
            "?classes=" + new string(',', 4000), "?annotate=maybe", "?conf=%F0%9F%98%80", "?conf=0.5&conf=0.6"];
        var body = pictures[1];
        return RawHttp.Request("POST", Path + Mutation.Pick(queries),
            [Key, (Mutation.Pick("X-Camera", "X-Frame-Id", "X-Region", "X-Captured-At", "Accept", "Content-Type", "X-Acting-User", "Content-Encoding"),
                Mutation.Pick(values)), ("Content-Length", Number(body.Length))], body);
    }

    byte[] Lengths()
    {
        var body = Mutation.Pick(pictures);
        (string, byte[]) length = Mutation.Pick<(string, byte[])>(
            ("Content-Length", Number(body.Length + random.Next(1, 1_000_000))), ("Content-Length", Number(random.Next(body.Length))),
            ("Content-Length", "-1"u8.ToArray()), ("Content-Length", "99999999999999"u8.ToArray()), ("Content-Length", Number(3_900_000)),
            ("Transfer-Encoding", "chunked"u8.ToArray()), ("Transfer-Encoding", "gzip, chunked"u8.ToArray()), ("Expect", "100-continue"u8.ToArray()));
        if (length.Item1 == "Transfer-Encoding" && random.Next(2) == 0)
            body = [.. Encoding.ASCII.GetBytes(Mutation.Pick("ffffffff\r\n", "-5\r\n", "5\r\n", "zz\r\n", $"{body.Length:x}\r\n")), .. body, .. "\r\n0\r\n\r\n"u8];
        return RawHttp.Request("POST", Path, [Key, length], body);
    }

    static byte[] Number(int value) => Encoding.ASCII.GetBytes($"{value}");

    static byte[] Gzip(Action<Stream> write)
    {
        using var bytes = new MemoryStream();
        using (var gzip = new GZipStream(bytes, CompressionLevel.Fastest)) write(gzip);
        return bytes.ToArray();
    }

    byte[] Picture(SKEncodedImageFormat format)
    {
        using var bitmap = new SKBitmap(96, 64);
        for (var y = 0; y < 64; y++)
            for (var x = 0; x < 96; x++) bitmap.SetPixel(x, y, new SKColor((byte)(x * 2), (byte)(y * 3), (byte)random.Next(256)));
        using var encoded = bitmap.Encode(format, 80);
        return encoded.ToArray();
    }
}
