using System.ComponentModel.DataAnnotations;

namespace RetrainLoop.Monitor.Alerts.Notifications;

/// <summary>Section <c>Monitor:Notifications</c>.</summary>
public sealed class NotificationOptions
{
    /// <summary>How often it is looked whether there is something to tell.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:01:00")] public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long the first notification of a group waits for alerts that belong to it.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")] public TimeSpan GroupWait { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The least time between two notifications of a group.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")] public TimeSpan GroupInterval { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>After this time without news a firing, unacknowledged group is told again.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "7.00:00:00")] public TimeSpan Repeat { get; set; } = TimeSpan.FromHours(4);

    /// <summary>How long one attempt may take.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:05:00")] public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The pause after the first failed attempt; each further one doubles it up to <see cref="LongestPause"/>.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "01:00:00")] public TimeSpan FirstPause { get; set; } = TimeSpan.FromSeconds(10);

    [Range(typeof(TimeSpan), "00:00:00.1", "1.00:00:00")] public TimeSpan LongestPause { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>After this long without success a notification is given up.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "30.00:00:00")] public TimeSpan GiveUpAfter { get; set; } = TimeSpan.FromDays(1);

    /// <summary>Whether webhooks may reach loopback, private and link-local addresses.</summary>
    public bool AllowPrivateAddresses { get; set; }

    /// <summary>Where people reach Web: links in notifications begin with it.</summary>
    [Required, Url] public string WebUrl { get; set; } = "http://localhost:8080";

    public SmtpOptions Smtp { get; set; } = new();
}

/// <summary>Section <c>Monitor:Notifications:Smtp</c>: the mail server of the house.</summary>
public sealed class SmtpOptions
{
    /// <summary>Without a host e-mail channels cannot deliver.</summary>
    public string? Host { get; set; }

    public int Port { get; set; } = 587;

    /// <summary><c>auto, none, startTls</c> or <c>tls</c>. Auto takes STARTTLS where the server offers it.</summary>
    public SmtpSecurity Security { get; set; } = SmtpSecurity.Auto;

    public string? UserName { get; set; }
    public string? Password { get; set; }

    /// <summary>The sender.</summary>
    public string From { get; set; } = "RetrainLoop <retrainloop@localhost>";
}

public enum SmtpSecurity { Auto, None, StartTls, Tls }
