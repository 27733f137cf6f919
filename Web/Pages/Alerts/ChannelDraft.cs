namespace RetrainLoop.Web.Pages.Alerts;

/// <summary>A channel while a person edits it. The secret goes to Monitor and is never read back.</summary>
public sealed class ChannelDraft
{
    /// <summary>Null = a new channel.</summary>
    public Guid? Id { get; init; }
    public bool HasSecret { get; init; }
    public string Name { get; set; } = "";
    public ChannelKind Kind { get; set; }
    public string Target { get; set; } = "";

    /// <summary>Empty = the present one is kept.</summary>
    public string Secret { get; set; } = "";
    public bool RemoveSecret { get; set; }
    public AlertSeverity MinimumSeverity { get; set; } = AlertSeverity.Warning;
    public string Deployment { get; set; } = "";
    public bool SendResolved { get; set; } = true;
    public bool Enabled { get; set; } = true;

    public static ChannelDraft Of(NotificationChannelInfo channel) => new()
    {
        Id = channel.Id, HasSecret = channel.HasSecret, Name = channel.Name, Kind = channel.Kind, Target = channel.Target, MinimumSeverity = channel.MinimumSeverity,
        Deployment = channel.Deployment ?? "", SendResolved = channel.SendResolved, Enabled = channel.Enabled,
    };

    public NotificationChannelRequest ToRequest() => new(
        Name.Trim(), Kind, Target.Trim(), RemoveSecret ? "" : Secret.Length > 0 ? Secret : null, MinimumSeverity, Deployment.Length > 0 ? Deployment : null, SendResolved, Enabled);
}
