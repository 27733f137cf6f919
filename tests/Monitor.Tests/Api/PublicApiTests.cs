using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Mvc;
using RetrainLoop.Monitor.Telemetry;

namespace RetrainLoop.Tests.Monitor.Api;

/// <summary>The shapes that scripts of users rely on.</summary>
public sealed class PublicApiTests(PostgresServer postgres, RedisServer redis) : MonitorService(postgres, redis)
{
    [Fact]
    public async Task Compute_GzippedGoldenCase_AnswersTheDocumentedShape()
    {
        string Read(string file) => File.ReadAllText(Golden.Find("coco_eval", "edge_multiclass", file));
        using var buffer = new MemoryStream();
        await using (var gzip = new GZipStream(buffer, CompressionLevel.Fastest, leaveOpen: true))
            await gzip.WriteAsync(Encoding.UTF8.GetBytes($$"""{"groundTruth": {{Read("gt.json")}}, "detections": {{Read("dt.json")}}}"""));
        using var content = new ByteArrayContent(buffer.ToArray());
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        content.Headers.ContentEncoding.Add("gzip");

        var response = await Client.PostAsync("/v1/evaluations/compute", content, TestContext.Current.CancellationToken);
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(12, answer.GetProperty("stats").GetArrayLength());
        Assert.Equal(0.18122049062250573, answer.GetProperty("stats")[0].GetDouble(), 1e-9);
        var category = answer.GetProperty("perCategory")[0];
        Assert.Equal(1, category.GetProperty("categoryId").GetInt32());
        Assert.Equal(0.5775826835543445, category.GetProperty("ap50").GetDouble(), 1e-9);
        Assert.True(answer.GetProperty("elapsedMs").GetDouble() >= 0);
    }

    [Fact]
    public async Task TwoSample_ThreeValuesEach_AnswersTheDocumentedShape()
    {
        var answer = await PostAsync<JsonElement>("/v1/drift/two-sample", new { a = new[] { 1.0, 2, 3, 4 }, b = new[] { 2.5, 3.5, 4.5, 5.5 }, method = "exact" });
        var ks = answer.GetProperty("ks");
        Assert.Equal((0.5, 2.0, 1), (ks.GetProperty("statistic").GetDouble(), ks.GetProperty("location").GetDouble(), ks.GetProperty("sign").GetInt32()));
        Assert.Equal(0.7714285714285715, ks.GetProperty("pValue").GetDouble(), 1e-12); // 54 of the 70 paths leave the band
        Assert.Equal(1.5, answer.GetProperty("wasserstein").GetDouble(), 1e-12);
        foreach (var name in new[] { "psi", "jensenShannon", "n1", "n2" }) Assert.True(answer.TryGetProperty(name, out _));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await Client.PostAsJsonAsync("/v1/drift/two-sample", new { a = Array.Empty<double>(), b = new[] { 1.0 } })).StatusCode);
    }

    [Fact]
    public async Task Metrics_OneMinute_AnswersLabelledPoints()
    {
        await PublishAsync(Batches.Deployment());
        await PlayAsync(TimeSpan.FromMinutes(1));
        Task<MetricsResponse> QueryAsync(string metric) =>
            GetAsync<MetricsResponse>($"/v1/deployments/line/metrics?metric={metric}&from={Start:yyyy-MM-ddTHH:mm:ssZ}&to={Start.AddMinutes(2):yyyy-MM-ddTHH:mm:ssZ}&step=60");
        await Eventually.TrueAsync(async () =>
        {
            Time.Advance(TimeSpan.FromSeconds(1));
            return (await QueryAsync("requests")).Series[0].Points[0].Value is 4.0; // 240 in the minute
        }, "the minute is folded");
        foreach (var (metric, label, values) in new[]
        {
            ("latency", "p", "50,95,99"), ("requests", "unit", "requests/s"), ("errors", "kind", "all,badInput,overloaded,timeout,failed"),
            ("detections", "per", "request,minute"), ("confidence", "unit", "confidence"), ("regions", "region", "berlin"),
        })
        {
            var answer = await QueryAsync(metric);
            Assert.Equal(values.Split(','), answer.Series.Select(series => series.Labels[label]));
            Assert.All(answer.Series, series => Assert.Equal([Start, Start.AddMinutes(1)], series.Points.Select(point => point.At)));
            Assert.Null(answer.Series[0].Points[1].Value); // no watermark reached into that minute
        }
    }

    [Fact]
    public async Task AlertRules_AddAndChange_ShowUpAndKnowTheirRunbooks()
    {
        var rules = await GetAsync<List<AlertRuleInfo>>("/v1/alert-rules");
        Assert.Equal(12, rules.Count);
        foreach (var rule in rules) Assert.StartsWith("# ", await Client.GetStringAsync($"/v1/runbooks/{rule.Runbook}"), StringComparison.Ordinal);

        var added = await PostAsync<AlertRuleInfo>("/v1/alert-rules", rules.Single(rule => rule.Metric == AlertMetric.LatencyP95) with { Id = Guid.Empty, Name = "Mine", Deployment = "line", ForMinutes = 3 }, HttpStatusCode.Created);
        var changed = await Client.PutAsJsonAsync($"/v1/alert-rules/{added.Id}", added with { Enabled = false }, ContractJson.Options);
        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
        Assert.False((await GetAsync<List<AlertRuleInfo>>("/v1/alert-rules")).Single(rule => rule.Name == "Mine").Enabled);
        var problem = await PostAsync<ProblemDetails>("/v1/alert-rules", added with { Id = Guid.Empty, Name = "Other", ForMinutes = 0 }, HttpStatusCode.UnprocessableEntity);
        Assert.Contains("forMinutes", problem.Detail, StringComparison.Ordinal);
        Assert.Empty(await GetAsync<List<AlertInfo>>("/v1/alerts?state=firing"));
    }

    [Fact]
    public async Task Telemetry_MalformedBatch_IsRefusedWithASentence()
    {
        var odd = Batches.Second(Start) with { Brightness = new SparseHistogram([1, 2], [1]) };
        Assert.Contains("histogram", (await PostAsync<ProblemDetails>("/v1/telemetry", Batches.Batch(1, Start, odd), HttpStatusCode.UnprocessableEntity)).Detail, StringComparison.Ordinal);
        var whole = Batches.Second(Start);
        odd = whole with { Classes = [whole.Classes[0] with { BoxSize = new SparseHistogram([SignalBins.BoxSize.Count], [1]) }] };
        Assert.Contains("boxSize", (await PostAsync<ProblemDetails>("/v1/telemetry", Batches.Batch(1, Start, odd), HttpStatusCode.UnprocessableEntity)).Detail, StringComparison.Ordinal);
        Assert.NotNull(TelemetryBodyCheck.Read(TelemetryBatchCodec.Encode(Batches.Batch(1, Start, odd))).Refusal);
        Assert.Contains("series", (await PostAsync<ProblemDetails>("/v1/telemetry", new { replica = "a", sequence = 1 }, HttpStatusCode.UnprocessableEntity)).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Replicas_ClockAhead_ShowsTheSkewAndThatItIsCorrected()
    {
        async Task SendAsync(string replica, double ahead)
        {
            var now = Time.GetUtcNow().AddSeconds(ahead);
            using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/telemetry")
            {
                Content = JsonContent.Create(Batches.Batch(1, now, Batches.Second(now.AddSeconds(-1))) with { Replica = replica }, options: ContractJson.Options),
            };
            request.Headers.Date = now;
            (await Client.SendAsync(request, TestContext.Current.CancellationToken)).EnsureSuccessStatusCode();
        }
        await SendAsync("gone", 1);
        Time.Advance(TimeSpan.FromMinutes(2));
        await SendAsync("inference-1", 42);
        Time.Advance(TimeSpan.FromSeconds(3));
        var replicas = await GetAsync<List<TelemetryReplica>>("/v1/telemetry/replicas");
        Assert.Equal([("gone", true, 1.0, false), ("inference-1", false, 42, true)], replicas.Select(replica => (replica.Name, replica.Silent, replica.ClockSkew, replica.Corrected)));
        Assert.Equal((Start.AddMinutes(2), 3.0), (replicas[1].LastReport, replicas[1].Lag));
    }

    [Fact]
    public async Task AnyRoute_WithoutKey_Is401()
    {
        using var anonymous = AnonymousClient();
        Assert.Equal(HttpStatusCode.Unauthorized, (await anonymous.GetAsync("/v1/alerts")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await anonymous.PostAsJsonAsync("/v1/evaluations/compute", new { })).StatusCode);
    }
}
