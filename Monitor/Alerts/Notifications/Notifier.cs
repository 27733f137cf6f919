using Microsoft.Extensions.Options;
using Npgsql;
using RetrainLoop.ServiceDefaults.Hosting;

namespace RetrainLoop.Monitor.Alerts.Notifications;

/// <summary>
/// Tells channels of alerts, at least once: a delivery stays in the queue until its receiver took it. A process that dies after sending and before
/// noting it sends again, with the same idempotency key.
/// </summary>
public sealed partial class Notifier(
    NpgsqlDataSource database, IOptions<NotificationOptions> options, NotificationSender sender, TimeProvider time, ILogger<Notifier> logger)
    : RecurringWork(time, logger)
{
    protected override TimeSpan Interval => options.Value.Interval;

    public override async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        await new NotificationPlanner(database, options.Value).PlanAsync(Time.GetUtcNow(), cancellationToken);
        while (await SendOneAsync(null, cancellationToken)) ;
    }

    /// <summary>Makes an attempt at one delivery that is due.</summary>
    /// <param name="only">This one; null = whichever is due.</param>
    /// <returns>False when none was due.</returns>
    public async Task<bool> SendOneAsync(Guid? only, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (await DeliveryStore.TakeAsync(connection, transaction, Time.GetUtcNow(), only, cancellationToken) is not { } delivery) return false;
        var channel = (await ChannelStore.ListAsync(connection, cancellationToken)).First(channel => channel.Info.Id == delivery.Channel);
        var result = channel.Deleted
            ? new SendResult(false, "The channel was deleted.")
            : await sender.SendAsync(delivery.Id, channel, delivery.Notification, cancellationToken);
        var now = Time.GetUtcNow();
        var next = result.Delivered || channel.Deleted ? null : RetryPause.Next(delivery, now, options.Value);
        await DeliveryStore.FinishAsync(connection, transaction, delivery.Id, result, now, next, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        if (result.Delivered) LogDelivered(NotificationText.Subject(delivery.Notification), channel.Info.Name);
        else LogNotDelivered(NotificationText.Subject(delivery.Notification), channel.Info.Name, result.Answer, next);
        return true;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Told {Channel}: {Subject}")]
    partial void LogDelivered(string subject, string channel);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Could not tell {Channel}: {Subject}. {Answer} Next attempt: {Next}")]
    partial void LogNotDelivered(string subject, string channel, string answer, DateTimeOffset? next);
}
