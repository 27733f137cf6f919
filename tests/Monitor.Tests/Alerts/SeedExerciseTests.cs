using System.Security.Cryptography;
using System.Text;
using RetrainLoop.Monitor.Alerts.Notifications;

namespace RetrainLoop.Tests.Monitor.Alerts;

/// <summary>
/// The exercise with the real windows: a burst, malformed images, paused traffic and a stopped Inference each fire their alert, are delivered to a
/// webhook with a link to the runbook, and resolve after.
/// </summary>
public sealed class SeedExerciseTests(PostgresServer postgres) : AlertLine(postgres)
{
    const string Secret = "a secret of the receiver";

    [Fact]
    public async Task Exercise_RealWindows_EachAlertFiresArrivesAndResolves()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await AddChannelAsync(new NotificationChannelRequest("hook", ChannelKind.Webhook, receiver.Url), Secret);
        using var notifier = NewNotifier();
        Task TellAsync() => notifier.RunOnceAsync(default);
        await PlayAsync(minutes: 30, each: TellAsync);
        Assert.Empty(receiver.Received);

        await StageAsync("p95 latency over budget", "latency-p95", needed: 5, minutes => PlayAsync(minutes, latencyMs: 400, each: TellAsync));
        await StageAsync("Error rate over 1 %", "error-rate", needed: 5, minutes => PlayAsync(minutes, badEach: 3, each: TellAsync));
        await StageAsync("Detections per minute dropped", "detection-drop", needed: 10, minutes => PlayAsync(minutes, requests: 0, each: TellAsync));
        await StageAsync("No data", "no-data", needed: 2, StopAsync);
        Assert.All(await DeliveriesAsync(), delivery => Assert.Equal((DeliveryState.Delivered, 1), (delivery.State, delivery.Attempts)));

        // Quiet before, firing when the minutes are full, told within a minute (wait of 30 s), resolved with the first good minute, told after 5 minutes.
        async Task StageAsync(string rule, string runbook, int needed, Func<int, Task> trouble)
        {
            receiver.Received.Clear();
            var began = Time.GetUtcNow();
            await trouble(needed + 1);
            var alert = await FindAsync(rule);
            Assert.Equal((AlertState.Firing, began.AddMinutes(needed)), (alert.State, alert.FiredAt));
            var told = Assert.Single(receiver.Received);
            Assert.Equal($"firing {rule}", $"{told.Status} {string.Join(", ", told.Rules)}");
            AssertSigned(told);
            var first = told.Body.GetProperty("alerts")[0];
            Assert.Equal($"https://loop.example/alerts/{alert.Id}", first.GetProperty("url").GetString());
            var link = new Uri(first.GetProperty("runbookUrl").GetString()!);
            Assert.Equal(($"/alerts/runbooks/{runbook}", $"?deployment=line&from={alert.FiredAt!.Value.AddMinutes(-30):yyyy-MM-ddTHH:mm:ssZ}"), (link.AbsolutePath, link.Query));
            Assert.StartsWith("# ", RetrainLoop.Monitor.Alerts.Runbooks.BuiltInRunbooks.Read(runbook), StringComparison.Ordinal);

            await PlayAsync(minutes: 1, each: TellAsync);
            Assert.Equal(AlertState.Resolved, (await FindAsync(rule)).State);
            await PlayAsync(minutes: 20, each: TellAsync);
            Assert.Equal(2, receiver.Received.Count);
            Assert.Equal($"resolved {rule}", $"{receiver.Received.Last().Status} {string.Join(", ", receiver.Received.Last().Rules)}");
        }

        async Task StopAsync(int minutes)
        {
            for (var i = 0; i < minutes * 4; i++)
            {
                Time.Advance(TimeSpan.FromSeconds(15));
                await Evaluator.RunOnceAsync(default);
                await TellAsync();
            }
        }
    }

    static void AssertSigned(ReceivedWebhook told)
    {
        var timestamp = told.Headers[WebhookBody.TimestampHeader];
        byte[] signed = [.. Encoding.UTF8.GetBytes(timestamp + "."), .. told.Bytes];
        var expected = Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), signed));
        Assert.Equal($"v1={expected}", told.Headers[WebhookBody.SignatureHeader]);
        Assert.Equal(told.Body.GetProperty("id").GetString(), told.Headers[WebhookBody.KeyHeader]);
    }
}
