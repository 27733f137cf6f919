namespace RetrainLoop.Web.Pages.Alerts;

/// <summary>Channels and deliveries in words and as state classes of the style sheet.</summary>
static class ChannelWords
{
    public static string Of(ChannelKind kind) => kind switch
    {
        ChannelKind.Webhook => "Webhook",
        ChannelKind.Slack => "Slack-compatible",
        _ => "E-mail",
    };

    public static string TargetLabel(ChannelKind kind) => kind == ChannelKind.Email ? "Addresses" : "Address";

    public static string TargetHint(ChannelKind kind) => kind switch
    {
        ChannelKind.Webhook => "takes a POST of JSON, signed with the secret",
        ChannelKind.Slack => "an incoming webhook of Slack, Mattermost, Rocket.Chat; kept like a secret, shown as its host",
        _ => "e-mail addresses, separated by commas",
    };

    public static string Look(DeliveryState state) => state switch
    {
        DeliveryState.Delivered => "state-good",
        DeliveryState.Waiting => "state-warn",
        _ => "state-bad",
    };
}
