using System.Net.Http.Headers;
using MailKit.Net.Smtp;
using MailKit.Security;
using Microsoft.Extensions.Options;
using RetrainLoop.Contracts;
using RetrainLoop.ServiceDefaults.Security;

namespace RetrainLoop.Monitor.Alerts.Notifications;

/// <summary>What a receiver answered.</summary>
/// <param name="Answer">A sentence for the delivery log.</param>
public sealed record SendResult(bool Delivered, string Answer);

/// <summary>Makes one attempt. It never throws for what the receiver does.</summary>
public sealed class NotificationSender(IOptions<NotificationOptions> options, ChannelSecrets secrets, TimeProvider time) : IDisposable
{
    const int LongestAnswer = 300;
    readonly HttpClient http = new(WebhookHandler.Create(options.Value.AllowPrivateAddresses)) { Timeout = Timeout.InfiniteTimeSpan };
    readonly AlertLinks links = new(options.Value.WebUrl);

    public async Task<SendResult> SendAsync(Guid id, NotificationChannel channel, Notification notification, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(options.Value.Timeout);
        try
        {
            return channel.Info.Kind == ChannelKind.Email
                ? await MailAsync(id, channel, notification, limit.Token)
                : await PostAsync(id, channel, notification, limit.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new(false, $"No answer within {options.Value.Timeout.TotalSeconds:0.#} s.");
        }
        catch (HttpRequestException exception) when (exception.InnerException is PrivateAddressException refused)
        {
            return new(false, $"{refused.Message} Webhooks reach private ones only with Monitor:Notifications:AllowPrivateAddresses.");
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // Whatever one channel's server comes up with is that channel's failed attempt: the others are told.
            return new(false, Shortened(exception.Message));
        }
    }

    public void Dispose() => http.Dispose();

    async Task<SendResult> PostAsync(Guid id, NotificationChannel channel, Notification notification, CancellationToken cancellationToken)
    {
        var body = channel.Info.Kind == ChannelKind.Slack ? WebhookBody.Slack(notification, links) : WebhookBody.Generic(id, notification, links);
        using var request = new HttpRequestMessage(HttpMethod.Post, SlackAddress.Of(channel, secrets)) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json") { CharSet = "utf-8" };
        request.Headers.Add(WebhookBody.KeyHeader, id.ToString());
        request.Headers.UserAgent.ParseAdd("RetrainLoop-Monitor/1");
        if (channel.ProtectedSecret is { } hidden && channel.Info.Kind == ChannelKind.Webhook)
        {
            var timestamp = time.GetUtcNow().ToUnixTimeSeconds();
            request.Headers.Add(WebhookBody.TimestampHeader, $"{timestamp}");
            request.Headers.Add(WebhookBody.SignatureHeader, WebhookBody.Sign(secrets.Reveal(hidden), timestamp, body));
        }
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        return new(response.IsSuccessStatusCode, $"{(int)response.StatusCode} {response.ReasonPhrase}");
    }

    async Task<SendResult> MailAsync(Guid id, NotificationChannel channel, Notification notification, CancellationToken cancellationToken)
    {
        var smtp = options.Value.Smtp;
        if (string.IsNullOrEmpty(smtp.Host)) return new(false, "No mail server is set: Monitor:Notifications:Smtp:Host.");
        using var message = EmailMessage.Of(id, notification, links, smtp.From, channel.Info.Target);
        using var client = new SmtpClient();
        await client.ConnectAsync(smtp.Host, smtp.Port, smtp.Security switch
        {
            SmtpSecurity.None => SecureSocketOptions.None,
            SmtpSecurity.StartTls => SecureSocketOptions.StartTls,
            SmtpSecurity.Tls => SecureSocketOptions.SslOnConnect,
            _ => SecureSocketOptions.StartTlsWhenAvailable,
        }, cancellationToken);
        if (!string.IsNullOrEmpty(smtp.UserName)) await client.AuthenticateAsync(smtp.UserName, smtp.Password ?? "", cancellationToken);
        var answer = await client.SendAsync(message, cancellationToken);
        await client.DisconnectAsync(quit: true, cancellationToken);
        return new(true, Shortened(answer));
    }

    static string Shortened(string answer) => answer.Length <= LongestAnswer ? answer : answer[..LongestAnswer];
}
