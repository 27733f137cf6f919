using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using RetrainLoop.Monitor.Alerts.Notifications;

namespace RetrainLoop.Tests.Monitor.Alerts;

/// <summary>What receivers get.</summary>
public sealed class DeliveryTests(PostgresServer postgres) : AlertLine(postgres)
{
    [Fact]
    public async Task Run_EmailChannel_ARealSmtpServerTakesTheMessage()
    {
        const string python = "/usr/bin/python3";
        if (!File.Exists(python) || await RunAsync(python, "-c", "import aiosmtpd") != 0) Assert.Skip("No SMTP server is installed here: apt-get install python3-aiosmtpd. ./test.sh does it.");
        var port = FreePort();
        using var server = Process.Start(new ProcessStartInfo(python, ["-u", "-m", "aiosmtpd", "-n", "-l", $"127.0.0.1:{port}"]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        try
        {
            NotificationOptions.Smtp = new SmtpOptions { Host = "127.0.0.1", Port = port, From = "RetrainLoop <loop@factory.example>" };
            await Eventually.TrueAsync(() => CanConnectAsync(port), "the SMTP server listens");
            await AddChannelAsync(new NotificationChannelRequest("night shift", ChannelKind.Email, "anna@factory.example, ben@factory.example"));
            await TellAsync();
            Assert.Equal((DeliveryState.Delivered, "OK"), (Assert.Single(await DeliveriesAsync()).State, (await DeliveriesAsync())[0].Answer!.Trim()));
        }
        finally
        {
            server.Kill();
        }
        var mail = await server.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        Assert.Contains("Subject: [FIRING] line: p95 latency over budget", mail, StringComparison.Ordinal);
        Assert.Contains("To: anna@factory.example, ben@factory.example", mail, StringComparison.Ordinal);
        Assert.Contains($"Message-Id: <{(await DeliveriesAsync())[0].Id:N}@factory.example>", mail, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("Runbook: https://loop.example/alerts/runbooks/latency-p95?deployment=line", mail, StringComparison.Ordinal);
        Assert.Contains("Firing since 2026-11-23 06:05:00 UTC.", mail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_MailServerAway_StaysInTheQueue()
    {
        NotificationOptions.Smtp = new SmtpOptions { Host = "127.0.0.1", Port = FreePort() };
        await AddChannelAsync(new NotificationChannelRequest("night shift", ChannelKind.Email, "anna@factory.example"));
        await TellAsync();
        Assert.Equal((DeliveryState.Waiting, 1), (Assert.Single(await DeliveriesAsync()).State, (await DeliveriesAsync())[0].Attempts));
    }

    [Fact]
    public async Task Run_MailServerWantsALogIn_OtherChannelsAreTold()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var server = RefuseSendersAsync(listener);
        NotificationOptions.Smtp = new SmtpOptions { Host = "127.0.0.1", Port = ((IPEndPoint)listener.LocalEndpoint).Port };
        await AddChannelAsync(new NotificationChannelRequest("a night shift", ChannelKind.Email, "anna@factory.example"));
        await using var receiver = await WebhookReceiver.StartAsync();
        await AddChannelAsync(new NotificationChannelRequest("b hook", ChannelKind.Webhook, receiver.Url));
        await TellAsync();
        Assert.Single(receiver.Received);
        Assert.Equal((DeliveryState.Waiting, 1), (await DeliveriesAsync()).Where(delivery => delivery.Kind == ChannelKind.Email).Select(delivery => (delivery.State, delivery.Attempts)).Single());
        await server;
    }

    /// <summary>Answers the first client as a mail server does that knows nobody.</summary>
    static async Task RefuseSendersAsync(TcpListener listener)
    {
        using var client = await listener.AcceptTcpClientAsync();
        using var reader = new StreamReader(client.GetStream());
        await using var writer = new StreamWriter(client.GetStream()) { NewLine = "\r\n", AutoFlush = true };
        await writer.WriteLineAsync("220 mail.example");
        while (await reader.ReadLineAsync() is { } line)
            await writer.WriteLineAsync(line.StartsWith("MAIL", StringComparison.Ordinal) ? "530 5.7.0 Authentication required" : "250 OK");
    }

    [Fact]
    public async Task Run_SlackChannel_GetsSlacksShape()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await AddChannelAsync(new NotificationChannelRequest("slack", ChannelKind.Slack, receiver.Url));
        await TellAsync();
        var told = Assert.Single(receiver.Received);
        Assert.Equal("[FIRING] line: p95 latency over budget", told.Body.GetProperty("text").GetString());
        var attachment = told.Body.GetProperty("attachments")[0];
        Assert.Equal("#c62828", attachment.GetProperty("color").GetString());
        Assert.Matches(@"^p95 latency \d+(\.\d)? ms, at most 200 ms is fine\.\n<https://loop\.example/alerts/runbooks/latency-p95\?deployment=line\S*\|Runbook>$", attachment.GetProperty("text").GetString());
        Assert.False(told.Headers.ContainsKey(WebhookBody.SignatureHeader));
    }

    [Fact]
    public async Task Run_ChannelForOtherDeploymentOrSeverity_IsNotTold()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await AddChannelAsync(new NotificationChannelRequest("other", ChannelKind.Webhook, receiver.Url, Deployment: "other"));
        await ExecuteAsync("update alert_rules set severity = 'warning'");
        await AddChannelAsync(new NotificationChannelRequest("grave", ChannelKind.Webhook, receiver.Url, MinimumSeverity: AlertSeverity.Critical));
        await TellAsync();
        Assert.Empty(receiver.Received);
    }

    [Fact]
    public async Task Run_ReplayedAlert_NotifiesNobody()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await AddChannelAsync(new NotificationChannelRequest("hook", ChannelKind.Webhook, receiver.Url));
        await PlayAsync(minutes: 10, latencyMs: 400);
        await ExecuteAsync("update alerts set replay = true");
        using var notifier = NewNotifier();
        for (var i = 0; i < 10; i++)
        {
            await notifier.RunOnceAsync(default);
            Time.Advance(TimeSpan.FromSeconds(30));
        }
        Assert.Empty(receiver.Received);
    }

    async Task TellAsync()
    {
        await PlayAsync(minutes: 10, latencyMs: 400);
        using var notifier = NewNotifier();
        await notifier.RunOnceAsync(default);
        Time.Advance(TimeSpan.FromSeconds(31));
        await notifier.RunOnceAsync(default);
    }

    static async Task<int> RunAsync(string command, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardError = true })!;
        await process.WaitForExitAsync();
        return process.ExitCode;
    }

    static async Task<bool> CanConnectAsync(int port)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
