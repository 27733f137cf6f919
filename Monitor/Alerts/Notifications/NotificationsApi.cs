using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using RetrainLoop.Contracts;
using RetrainLoop.ServiceDefaults;
using RetrainLoop.ServiceDefaults.Security;

namespace RetrainLoop.Monitor.Alerts.Notifications;

static class NotificationsApi
{
    public static void AddNotifications(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<NotificationOptions>().BindConfiguration("Monitor:Notifications").ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddDataProtection().SetApplicationName("RetrainLoop.Monitor");
        var folder = Path.Combine(builder.Configuration["RETRAINLOOP_DATA"] ?? ".data", "monitor", "data-protection");
        builder.Services.AddOptions<KeyManagementOptions>().Configure<ILoggerFactory>((options, logger) =>
            options.XmlRepository = new FileSystemXmlRepository(OwnersFolder(folder), logger));
        builder.Services.AddSingleton<ChannelSecrets>();
        builder.Services.AddSingleton<NotificationSender>();
        builder.Services.AddHostedSingleton<Notifier>();
    }

    /// <summary>Maps <c>/v1/notification-channels</c> and <c>/v1/deliveries</c>.</summary>
    public static void MapNotificationsApi(this IEndpointRouteBuilder routes)
    {
        var channels = routes.MapGroup("/v1/notification-channels").WithTags("Notifications");
        channels.MapGet("/", ListAsync).RequireAuthorization(Access.View).WithSummary("Where alerts are told; secrets are never shown.");
        channels.MapPost("/", AddAsync).RequireAuthorization(Access.Operate).WithSummary("Adds a channel.");
        channels.MapPut("/{id:guid}", ChangeAsync).RequireAuthorization(Access.Operate).WithSummary("Changes a channel; without a secret it keeps the one it has.");
        channels.MapDelete("/{id:guid}", DeleteAsync).RequireAuthorization(Access.Operate).WithSummary("Deletes a channel; its delivery log stays.");
        channels.MapPost("/{id:guid}/test", TestAsync).RequireAuthorization(Access.Operate).WithSummary("Sends a test now and answers with what the receiver said.");
        routes.MapGet("/v1/deliveries", DeliveriesAsync).RequireAuthorization(Access.View).WithTags("Notifications").WithSummary("The delivery log, newest first.");
    }

    static async Task<Ok<List<NotificationChannelInfo>>> ListAsync(NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return TypedResults.Ok((await ChannelStore.ListAsync(connection, cancellationToken)).Where(channel => !channel.Deleted).Select(channel => SlackAddress.Shown(channel.Info)).ToList());
    }

    static async Task<Results<Created<NotificationChannelInfo>, ProblemHttpResult>> AddAsync(
        NotificationChannelRequest request, NpgsqlDataSource database, ChannelSecrets secrets, TimeProvider time, CancellationToken cancellationToken)
    {
        if (ChannelCheck.Refusal(request) is { } reason) return Problem.Unprocessable(reason);
        var now = time.GetUtcNow();
        if (Hide(request, null, secrets) is not { } kept) return Problem.Unprocessable(WholeAddress);
        var channel = new NotificationChannel(Info(Guid.CreateVersion7(now), request, kept.Secret), kept.Secret, now, false);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await ChannelStore.SaveAsync(connection, channel, cancellationToken)
            ? TypedResults.Created($"/v1/notification-channels/{channel.Info.Id}", channel.Info)
            : Problem.Conflict($"There is a channel named '{request.Name}' already.");
    }

    static async Task<Results<Ok<NotificationChannelInfo>, ProblemHttpResult>> ChangeAsync(
        Guid id, NotificationChannelRequest request, NpgsqlDataSource database, ChannelSecrets secrets, TimeProvider time, CancellationToken cancellationToken)
    {
        if (ChannelCheck.Refusal(request) is { } reason) return Problem.Unprocessable(reason);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        if (await FindAsync(connection, id, cancellationToken) is not { } known) return Unknown(id);
        if (Hide(request, known, secrets) is not { } kept) return Problem.Unprocessable(WholeAddress);
        var since = request.Enabled && !known.Info.Enabled ? time.GetUtcNow() : known.Since;
        var changed = new NotificationChannel(Info(id, request, kept.Secret), kept.Secret, since, false);
        return await ChannelStore.SaveAsync(connection, changed, cancellationToken)
            ? TypedResults.Ok(changed.Info)
            : Problem.Conflict($"Another channel is named '{request.Name}'.");
    }

    static async Task<Results<NoContent, ProblemHttpResult>> DeleteAsync(Guid id, NpgsqlDataSource database, TimeProvider time, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await ChannelStore.DeleteAsync(connection, id, time.GetUtcNow(), cancellationToken) ? TypedResults.NoContent() : Unknown(id);
    }

    static async Task<Results<Ok<DeliveryInfo>, ProblemHttpResult>> TestAsync(
        Guid id, NpgsqlDataSource database, Notifier notifier, TimeProvider time, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        if (await FindAsync(connection, id, cancellationToken) is not { } channel) return Unknown(id);
        var now = time.GetUtcNow();
        var delivery = new Delivery(Guid.CreateVersion7(now), id, "channel-test", Notification.OfChannelTest(channel.Info.Name, now), 0, now);
        await DeliveryStore.AddAsync(connection, null, delivery, cancellationToken);
        await notifier.SendOneAsync(delivery.Id, cancellationToken);
        return TypedResults.Ok((await DeliveryStore.ListAsync(connection, id, null, 1, cancellationToken, delivery.Id))[0]);
    }

    static async Task<Results<Ok<List<DeliveryInfo>>, ProblemHttpResult>> DeliveriesAsync(
        NpgsqlDataSource database, CancellationToken cancellationToken, Guid? channel = null, Guid? alert = null, int limit = 100)
    {
        if (limit is < 1 or > 1000) return Problem.BadRequest("limit is between 1 and 1000.");
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return TypedResults.Ok(await DeliveryStore.ListAsync(connection, channel, alert, limit, cancellationToken));
    }

    readonly record struct Kept(string? Secret);

    const string WholeAddress = "Give the whole address of the webhook: what is shown here in its place leads nowhere.";

    static NotificationChannelInfo Info(Guid id, NotificationChannelRequest request, string? hidden) => SlackAddress.Shown(new NotificationChannelInfo(
        id, request.Name, request.Kind, request.Target, hidden is not null, request.MinimumSeverity, request.Deployment, request.SendResolved, request.Enabled));

    /// <summary>What is kept unreadable of a channel; null when it is not known.</summary>
    /// <param name="known">The channel so far: what is asked for may be what it has.</param>
    static Kept? Hide(NotificationChannelRequest request, NotificationChannel? known, ChannelSecrets secrets)
    {
        var wasSlack = known?.Info.Kind == ChannelKind.Slack;
        if (request.Kind != ChannelKind.Slack)
            return SlackAddress.IsShown(request.Target) ? null
                : new Kept(request.Secret switch { null => wasSlack ? null : known?.ProtectedSecret, "" => null, var secret => secrets.Protect(secret) });
        if (!SlackAddress.IsShown(request.Target)) return new Kept(secrets.Protect(request.Target));
        return wasSlack && SlackAddress.Shown(known!.Info.Target) == request.Target ? new Kept(secrets.Protect(SlackAddress.Of(known, secrets))) : null;
    }

    static async Task<NotificationChannel?> FindAsync(NpgsqlConnection connection, Guid id, CancellationToken cancellationToken) =>
        (await ChannelStore.ListAsync(connection, cancellationToken)).FirstOrDefault(channel => channel.Info.Id == id && !channel.Deleted);

    static DirectoryInfo OwnersFolder(string folder) => OperatingSystem.IsWindows()
        ? Directory.CreateDirectory(folder)
        : Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

    static ProblemHttpResult Unknown(Guid id) => Problem.NotFound($"There is no channel {id}.");
}
