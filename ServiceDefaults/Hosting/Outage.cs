using Npgsql;
using Polly;

namespace RetrainLoop.ServiceDefaults.Hosting;

/// <summary>Tells what ends by itself, because something else is away for a while, from mistakes, which would only repeat themselves.</summary>
public static class Outage
{
    /// <summary>The database, the blob storage or another service does not answer now.</summary>
    public static bool Explains(Exception exception) =>
        IsOfDatabase(exception) || exception is TimeoutException or IOException or HttpRequestException or ExecutionRejectedException;

    /// <summary>The database is away or too busy. A statement that it refuses is a mistake.</summary>
    public static bool IsOfDatabase(Exception exception) => exception is NpgsqlException and not PostgresException { IsTransient: false };
}
