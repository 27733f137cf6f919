using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;

namespace RetrainLoop.Monitor.Alerts.Notifications;

/// <summary>Keeps secrets unreadable in the database; the key that opens them is a file in the data folder.</summary>
public sealed class ChannelSecrets(IDataProtectionProvider protection)
{
    readonly IDataProtector protector = protection.CreateProtector("RetrainLoop.Monitor.NotificationChannel");

    public string Protect(string secret) => protector.Protect(secret);

    /// <exception cref="CryptographicException">The key is not the one that protected it.</exception>
    public string Reveal(string hidden)
    {
        try
        {
            return protector.Unprotect(hidden);
        }
        catch (CryptographicException exception)
        {
            throw new CryptographicException("The channel's secret cannot be read with the present key. Set the secret again.", exception);
        }
    }
}
