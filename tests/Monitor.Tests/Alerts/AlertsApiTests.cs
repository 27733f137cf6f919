using System.Net;
using System.Net.Http.Json;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.AspNetCore.Mvc;
using RetrainLoop.Tests.Monitor.Api;

namespace RetrainLoop.Tests.Monitor.Alerts;

/// <summary>The alert routes of the real service.</summary>
public sealed class AlertsApiTests(PostgresServer postgres, RedisServer redis) : MonitorService(postgres, redis)
{
    protected override IEnumerable<(string Key, string Value)> Settings => [("Monitor:Notifications:AllowPrivateAddresses", "true"), ("Monitor:Alerts:TestDuration", "00:00:30"), ("Monitor:Alerts:ScheduleTolerance", "00:00:30")];

    [Fact]
    public async Task TestFire_EndToEnd_ArrivesMarkedAndResolvesByItself()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await PublishAsync(Batches.Deployment());
        var channel = await PostAsync<NotificationChannelInfo>("/v1/notification-channels",
            new NotificationChannelRequest("hook", ChannelKind.Webhook, receiver.Url, Secret: "s3cret"), HttpStatusCode.Created);
        var rule = (await GetAsync<List<AlertRuleInfo>>("/v1/alert-rules")).Single(rule => rule.Metric == AlertMetric.ErrorRate);

        var alert = await PostAsync<AlertInfo>($"/v1/alert-rules/{rule.Id}/test-fire", new TestFireRequest("line"));
        Assert.Equal((AlertState.Firing, true, "line"), (alert.State, alert.Test, alert.Deployment));
        await TickUntilAsync(() => Task.FromResult(receiver.Received.Count == 2), "firing and resolved arrive");

        Assert.Equal(["firing", "resolved"], receiver.Received.Select(received => received.Status));
        Assert.Equal("[TEST] [FIRING] line: Error rate over 1 %", receiver.Received.First().Subject);
        var detail = await GetAsync<AlertDetail>($"/v1/alerts/{alert.Id}");
        Assert.Equal([AlertState.Resolved, AlertState.Firing], detail.Transitions.Select(transition => transition.To));
        Assert.Equal(2, detail.Deliveries.Count);
        Assert.All(detail.Deliveries, delivery => Assert.Equal((channel.Id, true, DeliveryState.Delivered), (delivery.Channel, delivery.Test, delivery.State)));
        Assert.All(await GetAsync<List<AlertTransition>>("/v1/alerts/history?deployment=line"), transition => Assert.True(transition.Test));
    }

    [Fact]
    public async Task Channels_SlackAddress_IsKeptLikeASecret()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        var request = new NotificationChannelRequest("chat", ChannelKind.Slack, receiver.Url);
        var added = await PostAsync<NotificationChannelInfo>("/v1/notification-channels", request, HttpStatusCode.Created);
        Assert.Equal(($"{new Uri(receiver.Url).GetLeftPart(UriPartial.Authority)}/…", false), (added.Target, added.HasSecret));
        var path = $"/v1/notification-channels/{added.Id}";
        Assert.Equal(added.Target, (await PutAsync<NotificationChannelInfo>(path, request with { Name = "renamed", Target = added.Target })).Target);
        Assert.Equal(DeliveryState.Delivered, (await PostAsync<DeliveryInfo>($"{path}/test", null)).State);
        Assert.Single(receiver.Received);
        await PostAsync<ProblemDetails>("/v1/notification-channels", request with { Name = "other", Target = added.Target }, HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task Channels_AddChangeTestDelete_NeverShowTheSecret()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        var request = new NotificationChannelRequest("hook", ChannelKind.Webhook, receiver.Url, Secret: "s3cret-of-the-hook");
        var added = await PostAsync<NotificationChannelInfo>("/v1/notification-channels", request, HttpStatusCode.Created);
        var path = $"/v1/notification-channels/{added.Id}";
        Assert.True(added.HasSecret);
        Assert.True((await PutAsync<NotificationChannelInfo>(path, request with { Name = "renamed", Secret = null })).HasSecret);
        var tested = await PostAsync<DeliveryInfo>($"{path}/test", null);
        Assert.Equal((DeliveryState.Delivered, "200 OK", true), (tested.State, tested.Answer, tested.Test));
        Assert.StartsWith("v1=", Assert.Single(receiver.Received).Headers["X-RetrainLoop-Signature"], StringComparison.Ordinal);
        foreach (var place in new[] { "/v1/notification-channels", "/v1/deliveries" })
            Assert.DoesNotContain("s3cret", await Client.GetStringAsync(place, TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", await DumpAsync("notification_channels"), StringComparison.Ordinal);
        Assert.False((await PutAsync<NotificationChannelInfo>(path, request with { Secret = "" })).HasSecret);

        await PostAsync<ProblemDetails>("/v1/notification-channels", request with { Secret = null }, HttpStatusCode.Conflict);
        await PostAsync<ProblemDetails>("/v1/notification-channels", request with { Name = "odd", Target = "file:///etc/passwd" }, HttpStatusCode.UnprocessableEntity);
        await PostAsync<ProblemDetails>("/v1/notification-channels", request with { Name = "odd", Kind = ChannelKind.Email, Target = "nobody" }, HttpStatusCode.UnprocessableEntity);
        Assert.Equal(HttpStatusCode.NoContent, (await Client.DeleteAsync(path, TestContext.Current.CancellationToken)).StatusCode);
        Assert.Empty(await GetAsync<List<NotificationChannelInfo>>("/v1/notification-channels"));
        Assert.Equal("hook", Assert.Single(await GetAsync<List<DeliveryInfo>>("/v1/deliveries")).ChannelName);
    }

    [Fact]
    public async Task SilenceAndAcknowledgement_OfAFiringAlert_ShowOnIt()
    {
        await PublishAsync(Batches.Deployment());
        var rule = await PostAsync<AlertRuleInfo>("/v1/alert-rules", new AlertRuleInfo(Guid.Empty, "slow", "line", AlertMetric.LatencyP50, AlertComparison.Above, 1, 2,
            AlertSeverity.Warning, "latency-p95", true), HttpStatusCode.Created);
        await PlayAsync(TimeSpan.FromMinutes(5));
        AlertInfo? alert = null;
        await TickUntilAsync(async () => (alert = (await GetAsync<List<AlertInfo>>("/v1/alerts?state=firing&severity=warning")).FirstOrDefault(each => each.Rule == rule.Id)) is not null, "the rule fires");

        var acknowledged = await PostAsync<AlertInfo>($"/v1/alerts/{alert!.Id}/acknowledgement", new AcknowledgementRequest("on my way"));
        Assert.Equal(("stack", "on my way"), (acknowledged.Acknowledgement!.By, acknowledged.Acknowledgement.Note));
        Assert.Equal(HttpStatusCode.NoContent, (await Client.DeleteAsync($"/v1/alerts/{alert.Id}/acknowledgement", TestContext.Current.CancellationToken)).StatusCode);

        var end = Time.GetUtcNow().AddHours(2);
        var silence = await PostAsync<Silence>("/v1/silences", new SilenceRequest(end, "maintenance", rule.Id), HttpStatusCode.Created);
        var seen = (await GetAsync<AlertDetail>($"/v1/alerts/{alert.Id}")).Alert;
        Assert.Equal((end, null), (seen.SilencedUntil, seen.Acknowledgement));
        Assert.Equal("stack", Assert.Single(await GetAsync<List<Silence>>("/v1/silences")).Author);
        Assert.Equal(HttpStatusCode.NoContent, (await Client.DeleteAsync($"/v1/silences/{silence.Id}", TestContext.Current.CancellationToken)).StatusCode);
        Assert.Null((await GetAsync<AlertDetail>($"/v1/alerts/{alert.Id}")).Alert.SilencedUntil);
        await PostAsync<ProblemDetails>("/v1/silences", new SilenceRequest(end, ""), HttpStatusCode.UnprocessableEntity);
        await PostAsync<ProblemDetails>("/v1/silences", new SilenceRequest(Time.GetUtcNow().AddHours(-1), "too late"), HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task Preview_RuleAgainstHistory_CountsWhatWouldHaveFired()
    {
        await PublishAsync(Batches.Deployment());
        await PlayAsync(TimeSpan.FromMinutes(4));
        await PlayAsync(TimeSpan.FromMinutes(4), confidence: 0.4);
        await PlayAsync(TimeSpan.FromMinutes(3));
        await PlayAsync(TimeSpan.FromMinutes(4), confidence: 0.4);
        var rule = new AlertRuleInfo(Guid.Empty, "unsure", null, AlertMetric.MeanConfidence, AlertComparison.Below, 0.6, 3, AlertSeverity.Warning, "confidence-shift", true);
        AlertRulePreview? preview = null;
        await TickUntilAsync(async () => (preview = await PostAsync<AlertRulePreview>("/v1/alert-rules/preview", new AlertRulePreviewRequest(rule, "line"))).Values.Count >= 15, "the minutes are folded");
        Assert.Equal(2, preview!.WouldHaveFired);
        Assert.Equal((Start.AddMinutes(7), Start.AddMinutes(9)), (preview.Firings[0].From, preview.Firings[0].To));
        Assert.InRange(preview.Firings[0].Peak!.Value, 0.35, 0.45);
        Assert.Equal((0.6, "fraction"), (preview.Threshold, preview.Unit));
        Assert.Contains("history", (await PostAsync<ProblemDetails>("/v1/alert-rules/preview",
            new AlertRulePreviewRequest(rule with { Metric = AlertMetric.MissedSchedule, Comparison = AlertComparison.Above }, "line"), HttpStatusCode.UnprocessableEntity)).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Runbooks_ReadEditAndReset_FillTheirLinks()
    {
        var rules = await GetAsync<List<AlertRuleInfo>>("/v1/alert-rules");
        var pages = await GetAsync<List<RunbookInfo>>("/v1/runbooks");
        Assert.Empty(rules.Select(rule => rule.Runbook).Except(pages.Select(page => page.Name)));
        Assert.All(pages, page => Assert.False(page.Edited));
        foreach (var page in pages)
        {
            var filled = await Client.GetStringAsync($"/v1/runbooks/{page.Name}?deployment=line&from=2026-11-23T06:00:00Z&to=2026-11-23T07:00:00Z", TestContext.Current.CancellationToken);
            foreach (var part in new[] { "**What it means.**", "## Look at these three first", "## What to do", "**When to retrain:**", "**It resolves**" }) Assert.Contains(part, filled, StringComparison.Ordinal);
            Assert.DoesNotMatch(@"\{(deployment|from|to)\}", filled);
        }
        Assert.Contains("/deployments/line?range=custom&from=2026-11-23T06%3A00%3A00Z&to=2026-11-23T07%3A00%3A00Z",
            await Client.GetStringAsync("/v1/runbooks/latency-p95?deployment=line&from=2026-11-23T06:00:00Z&to=2026-11-23T07:00:00Z", TestContext.Current.CancellationToken), StringComparison.Ordinal);

        using var edited = new StringContent("# Call Ben\n\n[Charts](/deployments/{deployment})", Encoding.UTF8, new MediaTypeHeaderValue("text/markdown"));
        Assert.Equal(HttpStatusCode.NoContent, (await Client.PutAsync("/v1/runbooks/latency-p95", edited, TestContext.Current.CancellationToken)).StatusCode);
        Assert.Equal("# Call Ben\n\n[Charts](/deployments/a%20b)", await Client.GetStringAsync("/v1/runbooks/latency-p95?deployment=a%20b", TestContext.Current.CancellationToken));
        Assert.Equal("# Call Ben\n\n[Charts](/deployments/{deployment})", await Client.GetStringAsync("/v1/runbooks/latency-p95", TestContext.Current.CancellationToken));
        var info = (await GetAsync<List<RunbookInfo>>("/v1/runbooks")).Single(page => page.Name == "latency-p95");
        Assert.Equal(("Call Ben", true, "stack"), (info.Title, info.Edited, info.EditedBy));
        Assert.Equal(HttpStatusCode.NoContent, (await Client.DeleteAsync("/v1/runbooks/latency-p95", TestContext.Current.CancellationToken)).StatusCode);
        Assert.Contains("budget", await Client.GetStringAsync("/v1/runbooks/latency-p95", TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(AlertMetric.LatencyP95, AlertComparison.DropsBy, 0.5, null, "latencyP95 is compared")]
    [InlineData(AlertMetric.DetectionsPerMinute, AlertComparison.DropsBy, 1.5, null, "0.5 means half")]
    [InlineData(AlertMetric.RequestRate, AlertComparison.Above, null, null, "needs a threshold")]
    [InlineData(AlertMetric.ErrorRate, AlertComparison.Above, 5.0, null, "one percent")]
    [InlineData(AlertMetric.LatencyP95, AlertComparison.Above, 100.0, "nut", "measured by class")]
    public async Task AlertRules_ThatCannotBeJudged_AreRefusedWithASentence(AlertMetric metric, AlertComparison comparison, double? threshold, string? className, string says)
    {
        var rule = new AlertRuleInfo(Guid.Empty, "odd", null, metric, comparison, threshold, 5, AlertSeverity.Info, "latency-p95", true, Class: className);
        Assert.Contains(says, (await PostAsync<ProblemDetails>("/v1/alert-rules", rule, HttpStatusCode.UnprocessableEntity)).Detail, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Schedules_OverdueJob_FiresAndResolvesWithItsNextSignOfLife()
    {
        await PublishAsync(Batches.Deployment());
        await PutAsync<ScheduleInfo>("/v1/schedules/web:diagnose:line", new ScheduleHeartbeat("line", Start.AddMinutes(1), null, null));
        AlertInfo? alert = null;
        async Task<bool> IsAsync(AlertState state) => (alert = (await GetAsync<List<AlertInfo>>("/v1/alerts?deployment=line")).FirstOrDefault(each => each.Runbook == "missed-schedule"))?.State == state;
        await TickUntilAsync(() => IsAsync(AlertState.Firing), "the missed schedule fires");
        Assert.Contains("'web:diagnose:line' was due 2026-11-23 06:01 UTC", alert!.Summary, StringComparison.Ordinal);
        await PutAsync<ScheduleInfo>("/v1/schedules/web:diagnose:line", new ScheduleHeartbeat("line", Time.GetUtcNow().AddDays(1), null, Time.GetUtcNow()));
        await TickUntilAsync(() => IsAsync(AlertState.Resolved), "it resolves");
    }

    /// <summary>Moves the clock in steps of five seconds, so that background work takes its turns.</summary>
    Task TickUntilAsync(Func<Task<bool>> condition, string what) => Eventually.TrueAsync(async () =>
    {
        Time.Advance(TimeSpan.FromSeconds(5));
        return await condition();
    }, what);

    async Task<T> PutAsync<T>(string path, object body)
    {
        var response = await Client.PutAsJsonAsync(path, body, ContractJson.Options, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return (await response.Content.ReadFromJsonAsync<T>(ContractJson.Options, TestContext.Current.CancellationToken))!;
    }
}
