using System.IO.Compression;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace RetrainLoop.Tests.Inference.Replays;

public sealed class ReplayApiTests(PostgresServer postgres, RedisServer redis) : IAsyncLifetime
{
    readonly InferenceService inference = new(postgres, redis);
    readonly DirectoryInfo data = Directory.CreateTempSubdirectory("retrainloop-replays-");
    HttpClient client = null!;

    string Blobs => Path.Combine(data.FullName, "blobs");
    string Folder => Path.Combine(data.FullName, "archives");
    ReplayDouble Monitor => inference.Monitor.Replays;

    public async ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(Folder);
        client = await StartAsync();
        await InferenceService.RegisterAsync(client, "tiny", TinyModel.Create());
        await InferenceService.DeployAsync(client, "line",
            new DeploymentRequest("tiny", 1, Zone: "Europe/Berlin", OperatingPoint: 0.3, Regions: [new Region("north", "North", 50, 10)]));
    }

    public async ValueTask DisposeAsync()
    {
        await inference.DisposeAsync();
        data.Delete(recursive: true);
    }

    [Fact]
    public async Task Post_Zip_SendsTelemetryOfTheFramesOwnTime()
    {
        var zip = FrameZip.Of(
            ("old/north/cam-2/2026-10-01T10-00-30Z.png", TestImage.Gray(51)), ("old/north/cam-1/2026-10-01T10-00-00Z.png", TestImage.Gray(204)),
            ("old/south/cam-3/20261001_130000.jpg", "no image"u8.ToArray()), ("old/notes.txt", "hello"u8.ToArray()), ("__MACOSX/x.jpg", [1]));
        var replay = await FinishedAsync(await AddAsync(zip, "?name=October"));
        Assert.Equal((ReplayState.Succeeded, 3, 3, 1, 3, 1), (replay.State, replay.Frames, replay.Done, replay.Unreadable, replay.Cameras, replay.Ignored));
        Assert.Equal(("October", "tiny", At("10:00:00"), At("11:00:01")), (replay.Name, replay.Model.Name, replay.From, replay.To));
        var start = Monitor.Starts[replay.Id];
        Assert.Equal(("line", 0.3, replay.From), (start.Deployment.Name, start.Deployment.OperatingPoint, start.From));
        var seconds = Monitor.Seconds(replay.Id);
        Assert.Equal([("north", "cam-1", At("10:00:00")), ("north", "cam-2", At("10:00:30")), ("other", "cam-3", At("11:00:00"))],
            seconds.Select(second => (second.Region, second.Camera, DateTimeOffset.FromUnixTimeSeconds(second.Second))));
        Assert.Equal(["bright", "dark"], seconds.Take(2).Select(second => Assert.Single(second.Classes).Class));
        Assert.Equal(1, seconds[2].Outcomes[RequestOutcome.BadInput]);
        Assert.All(seconds, second => Assert.Equal(("line", ModelSlot.Champion), (second.Deployment, second.Slot)));
        Assert.DoesNotContain(inference.Monitor.Batches, batch => batch.Series.Count > 0); // live telemetry knows nothing of it
        Assert.Equal(replay.Id, (await AddAsync(zip, "?name=October")).Id); // sent again
        Assert.Single(Directory.EnumerateFiles(Blobs, "*", SearchOption.AllDirectories)); // the model; the archive is gone
    }

    [Fact]
    public async Task Run_AnswersLostAndServiceStoppedInTheMiddle_CountsEachFrameOnce()
    {
        Monitor.LoseAnswers = 3;
        var replay = await AddAsync(FrameZip.Minutes(400));
        await Eventually.TrueAsync(async () => (await GetAsync(replay.Id)).Done >= 40, "the replay is under way");
        await inference.StopAsync();
        Monitor.LoseAnswers = 2;
        client = await StartAsync();
        var finished = await FinishedAsync(replay);
        Assert.Equal((ReplayState.Succeeded, 400), (finished.State, finished.Done));
        var seconds = Monitor.Seconds(replay.Id);
        Assert.Equal(400, seconds.Select(second => second.Second).Distinct().Count());
        Assert.Equal(400, seconds.Sum(second => second.Outcomes.Values.Sum()));
        Assert.Equal(seconds.Select(second => second.Second).Order(), seconds.Select(second => second.Second));
        Assert.True(Monitor.Duplicates > 0, "No batch came twice, so the test proves nothing.");
    }

    [Fact]
    public async Task Run_ModelThatStalls_FailsSayingWhere()
    {
        await inference.StopAsync();
        client = await StartAsync(("Execution:Workers", "2"), ("Execution:BackgroundLimitMs", "200"));
        await InferenceService.RegisterAsync(client, "slow", TinyModel.Create(products: 400));
        await InferenceService.DeployAsync(client, "line", new DeploymentRequest("slow", 1, Force: true, Reason: "test"));
        var failed = await FinishedAsync(await AddAsync(FrameZip.Of(("north/cam-2/2026-10-01T10-00-30Z.png", TestImage.Gray(51)))));
        Assert.Equal(ReplayState.Failed, failed.State);
        Assert.Contains("2026-10-01T10-00-30Z.png within 0.2 s", failed.Error);
    }

    [Fact]
    public async Task Cancel_ThenSameArchiveAgain_GoesOn()
    {
        var zip = FrameZip.Minutes(3000);
        var replay = await AddAsync(zip);
        await Eventually.TrueAsync(async () => (await GetAsync(replay.Id)).Done >= 8, "the replay is under way");
        var cancelled = await InferenceService.ReadAsync<ReplayInfo>(await client.PostAsync($"/v1/replays/{replay.Id}/cancel", null));
        Assert.Equal(ReplayState.Cancelled, cancelled.State);
        Assert.True(cancelled.Done < 3000);
        Assert.Single(Directory.EnumerateFiles(Blobs, "*", SearchOption.AllDirectories)); // the model; the archive is gone
        var again = await AddAsync(zip);
        Assert.Equal(replay.Id, again.Id);
        Assert.Equal(3000, (await FinishedAsync(again)).Done);
        Assert.Equal(3000, Monitor.Seconds(replay.Id).Count);
        Assert.Equal(HttpStatusCode.NoContent, (await client.DeleteAsync($"/v1/replays/{replay.Id}")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync($"/v1/replays/{replay.Id}")).StatusCode);
        Assert.False(Monitor.Starts.ContainsKey(replay.Id));
    }

    [Fact]
    public async Task Delete_MonitorTimesOut_Is503AndTheRunnerGoesOn()
    {
        var replay = await FinishedAsync(await AddAsync(FrameZip.Minutes(2)));
        var faults = 0;
        inference.Monitor.ReplayFault = () =>
        {
            Interlocked.Increment(ref faults);
            return new TaskCanceledException("Monitor took too long.");
        };
        Assert.Contains("Delete it again when Monitor is back", await InferenceService.RefusalAsync(
            await client.DeleteAsync($"/v1/replays/{replay.Id}"), HttpStatusCode.ServiceUnavailable));
        await using (var database = Npgsql.NpgsqlDataSource.Create(inference.Database))
        await using (var age = database.CreateCommand("update replays set finished_at = finished_at - interval '99 days'"))
            await age.ExecuteNonQueryAsync();
        await Eventually.TrueAsync(() => Task.FromResult(Volatile.Read(ref faults) >= 3), "the runner has tried twice to remove the expired replay");
        inference.Monitor.ReplayFault = null;
        await Eventually.TrueAsync(async () => (await client.GetAsync($"/v1/replays/{replay.Id}")).StatusCode == HttpStatusCode.NotFound, "it is removed");
    }

    [Fact]
    public async Task Post_KeyOfAnotherArchive_IsRefusedAndTheArchiveRemoved()
    {
        var first = await FinishedAsync(await AddAsync(FrameZip.Minutes(2), "?key=october"));
        Assert.Contains("which has other frames", await InferenceService.RefusalAsync(
            await PostAsync(FrameZip.Minutes(3), "?key=october"), HttpStatusCode.Conflict));
        Assert.Equal(first.Id, (await AddAsync(FrameZip.Minutes(2), "?key=october")).Id);
        Assert.Single(Directory.EnumerateFiles(Blobs, "*", SearchOption.AllDirectories)); // the model alone
    }

    [Fact]
    public async Task Post_FormThatIsCutOff_IsABadRequest()
    {
        using var form = new MultipartFormDataContent { { new ByteArrayContent(FrameZip.Minutes(2)), "file", "october.zip" } };
        var whole = await form.ReadAsByteArrayAsync();
        var cut = new ByteArrayContent(whole[..(whole.Length / 2)]);
        cut.Headers.ContentType = form.Headers.ContentType;
        Assert.Contains("The multipart form is broken", await InferenceService.RefusalAsync(
            await client.PostAsync("/v1/deployments/line/replays", cut), HttpStatusCode.BadRequest));
    }

    static readonly (string What, byte[] Zip, string Reason)[] HostileArchives =
    [
        ("no zip", "PK is not enough"u8.ToArray(), "no zip archive"),
        ("cut off", FrameZip.Minutes(5)[..^40], "no zip archive"),
        ("upwards", FrameZip.Of("cam/2026-10-01T10-00-00Z.png", "../../etc/2026-10-01T10-00-01Z.png"), "../../etc/2026-10-01T10-00-01Z.png: has a path that points outside"),
        ("absolute", FrameZip.Of("/etc/2026-10-01T10-00-01Z.png"), "points outside"),
        ("backslashes", FrameZip.Of("..\\..\\2026-10-01T10-00-01Z.png"), "points outside"),
        ("twice", FrameZip.Of("cam/2026-10-01T10-00-00Z.png", "cam/2026-10-01T10-00-00Z.png"), "appears twice"),
        ("link", Linked("cam/2026-10-01T10-00-00Z.png"), "is a link"),
        ("bomb", FrameZip.Of(("cam/2026-10-01T10-00-00Z.bmp", new byte[3_000_000])), "expands to 3000000 bytes"),
        ("many", FrameZip.Minutes(4001, _ => []), "has 4001 files; at most 4000"),
        ("empty", FrameZip.Of(("readme.txt", "none"u8.ToArray())), "holds no picture"),
        ("no time", FrameZip.Of("cam/a.png", "cam/b.png"), "cam/a.png: says no time in its name or EXIF"),
        ("future", FrameZip.Of("cam/2099-10-01T10-00-00Z.png"), "lies in the future"),
        ("skipped hour", FrameZip.Of("cam/20260329_023000.png"), "does not exist in Europe/Berlin"),
        ("list", FrameZip.Of(("a.png", []), ("b.png", []), ("frames.csv", "file,captured_at\na.png,noon\nc.png,2026-10-01T10:00:00Z"u8.ToArray())), "frames.csv, line 2: 'noon' is no time"),
    ];

    [Fact]
    public async Task Post_HostileArchive_IsRefusedWholeWithTheReason()
    {
        foreach (var (what, zip, reason) in HostileArchives)
        {
            var refusal = await InferenceService.RefusalAsync(await PostAsync(zip), HttpStatusCode.UnprocessableEntity);
            Assert.True(refusal.Contains(reason, StringComparison.Ordinal), $"{what}: {refusal}");
        }
        Assert.Empty(await InferenceService.ReadAsync<List<ReplayInfo>>(await client.GetAsync("/v1/deployments/line/replays")));
        Assert.Single(Directory.EnumerateFiles(Blobs, "*", SearchOption.AllDirectories)); // the model alone
    }

    [Fact]
    public async Task Post_ListWithManyErrors_NamesEachFileAndLine()
    {
        var response = await PostAsync(FrameZip.Of(
            ("set/a.png", []), ("set/b.png", []), ("set/frames.csv", "file,captured_at\na.png,noon\nc.png,2026-10-01T10:00:00Z\na.png,2026-10-01T10:00:00Z\na.png,1790848800"u8.ToArray())));
        using var problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        var findings = problem.RootElement.GetProperty("findings").Deserialize<List<ReplayFinding>>(ContractJson.Options)!;
        Assert.Equal(4, problem.RootElement.GetProperty("findingCount").GetInt32());
        Assert.Equal([("set/frames.csv", 2), ("set/frames.csv", 3), ("set/frames.csv", 5), ("set/b.png", null)],
            findings.Select(finding => (finding.File, finding.Line)));
    }

    [Fact]
    public async Task Post_ListAndExif_SayTheTimes()
    {
        var listed = await FinishedAsync(await AddAsync(FrameZip.Of(
            ("set/x.png", TestImage.Gray(51)), ("set/frames.csv", "file,camera,region,captured_at\nx.png,east gate,North,2026-10-01T10:00:00+02:00"u8.ToArray()))));
        Assert.Equal(("north", "east gate", 1), (Assert.Single(Monitor.Seconds(listed.Id)) is var second ? (second.Region, second.Camera, listed.Cameras) : default));
        Assert.Equal(At("08:00:00"), listed.From);
        var tagged = await FinishedAsync(await AddAsync(FrameZip.Of(("cam/DSC1.jpg", ExifTimeTests.Jpeg(true, "2026:10:01 12:00:00", null)))));
        Assert.Equal((At("10:00:00"), 1), (tagged.From, tagged.Unreadable)); // a JPEG of nothing but its EXIF
    }

    [Fact]
    public async Task Post_FolderBelowTheAllowedOne_IsReplayedAndOthersAreNot()
    {
        Directory.CreateDirectory(Path.Combine(Folder, "october", "cam-1"));
        for (var minute = 0; minute < 9; minute++)
            await File.WriteAllBytesAsync(Path.Combine(Folder, "october", "cam-1", $"2026-10-01T10-0{minute}-00Z.png"), TestImage.Gray(51));
        File.CreateSymbolicLink(Path.Combine(Folder, "october", "cam-1", "2026-10-01T11-00-00Z.png"), "/etc/hostname");
        Directory.CreateSymbolicLink(Path.Combine(Folder, "outside"), "/etc");
        var replay = await InferenceService.ReadAsync<ReplayInfo>(await PostFolderAsync("october"));
        Assert.Equal((ReplayState.Succeeded, 9, "october"), (await FinishedAsync(replay) is var done ? (done.State, done.Done, done.Name) : default));
        foreach (var folder in new[] { "..", "../blobs", "/etc", "outside", "november", "octo\0ber" })
            Assert.Contains("is no folder below", await InferenceService.RefusalAsync(await PostFolderAsync(folder), HttpStatusCode.UnprocessableEntity));
    }

    [Fact]
    public async Task Post_OrdersThatCannotBe_AreRefused()
    {
        Assert.Contains("There is no deployment", await InferenceService.RefusalAsync(
            await client.PostAsync("/v1/deployments/none/replays", new ByteArrayContent(FrameZip.Minutes(2))), HttpStatusCode.NotFound));
        Assert.Contains("There is no model", await InferenceService.RefusalAsync(await PostAsync(FrameZip.Minutes(2), "?model=tiny:9"), HttpStatusCode.UnprocessableEntity));
        Assert.Contains("NAME:VERSION", await InferenceService.RefusalAsync(await PostAsync(FrameZip.Minutes(2), "?model=tiny"), HttpStatusCode.BadRequest));
        Assert.Contains("leaves nothing to compare", await InferenceService.RefusalAsync(await PostAsync(FrameZip.Minutes(2), "?baselineDays=3"), HttpStatusCode.UnprocessableEntity));
    }

    static DateTimeOffset At(string time) => DateTimeOffset.Parse($"2026-10-01T{time}Z", System.Globalization.CultureInfo.InvariantCulture);

    static byte[] Linked(string name)
    {
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            var entry = zip.CreateEntry(name);
            entry.ExternalAttributes = unchecked((int)0xA1FF0000);
            using var stream = entry.Open();
            stream.Write("/etc/passwd"u8);
        }
        return bytes.ToArray();
    }

    Task<HttpResponseMessage> PostAsync(byte[] zip, string query = "") => client.PostAsync($"/v1/deployments/line/replays{query}", new ByteArrayContent(zip));

    Task<HttpResponseMessage> PostFolderAsync(string folder) =>
        client.PostAsJsonAsync("/v1/deployments/line/replays", new ReplayRequest(folder), ContractJson.Options);

    async Task<ReplayInfo> AddAsync(byte[] zip, string query = "") => await InferenceService.ReadAsync<ReplayInfo>(await PostAsync(zip, query));

    async Task<ReplayInfo> GetAsync(Guid id) => await InferenceService.ReadAsync<ReplayInfo>(await client.GetAsync($"/v1/replays/{id}"));

    Task<ReplayInfo> FinishedAsync(ReplayInfo replay) =>
        Eventually.NotNullAsync(async () => await GetAsync(replay.Id) is { FinishedAt: not null } done ? done : null, "the replay ends");

    Task<HttpClient> StartAsync(params (string Key, string Value)[] settings) => inference.StartAsync([
        ("Blobs:Root", Blobs), ("Inference:Replays:Folder", Folder), ("Inference:Replays:ChunkSize", "4"), ("Inference:Replays:LeaseSeconds", "2"),
        ("Inference:Replays:PollSeconds", "0.2"), ("Inference:Replays:MaximumFiles", "4000"), ("Inference:Replays:MaximumFileMegabytes", "2"),
        .. settings]);
}
