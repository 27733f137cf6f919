using System.Globalization;
using Microsoft.JSInterop;

namespace RetrainLoop.Web.Layout;

/// <summary>The time zone of the person at the browser; UTC until the browser has said it. One per circuit.</summary>
public sealed class BrowserZone(IJSRuntime script, TimeProvider time)
{
    TimeZoneInfo zone = TimeZoneInfo.Utc;
    bool asked;

    /// <summary>For example <c>Europe/Berlin</c>.</summary>
    public string Name => zone.Id;

    /// <summary>Asks the browser, once.</summary>
    public async Task LoadAsync()
    {
        if (asked) return;
        asked = true;
        await using var module = await script.InvokeAsync<IJSObjectReference>("import", "/zone.js");
        if (TimeZoneInfo.TryFindSystemTimeZoneById(await module.InvokeAsync<string>("zone"), out var found)) zone = found;
    }

    /// <summary>The clock on the person's wall.</summary>
    public DateTime Local(DateTimeOffset at) => DateTime.SpecifyKind(TimeZoneInfo.ConvertTime(at, zone).DateTime, DateTimeKind.Unspecified);

    /// <summary>The instant at which that clock showed this; in the hour that is skipped in spring, the one an hour later.</summary>
    public DateTimeOffset Instant(DateTime local)
    {
        var wall = DateTime.SpecifyKind(local, DateTimeKind.Unspecified);
        if (zone.IsInvalidTime(wall)) wall = wall.AddHours(1);
        return new DateTimeOffset(wall, zone.GetUtcOffset(wall)).ToUniversalTime();
    }

    /// <summary>Short: with the date only when it is not today.</summary>
    public string Text(DateTimeOffset at, bool seconds = false)
    {
        var (local, clock) = (Local(at), seconds ? "HH:mm:ss" : "HH:mm");
        return local.ToString(local.Date == Local(time.GetUtcNow()).Date ? clock : $"d MMM {clock}", CultureInfo.InvariantCulture);
    }
}
