using Npgsql;
using Polly.CircuitBreaker;
using Polly.Timeout;
using RetrainLoop.ServiceDefaults.Blobs;
using RetrainLoop.ServiceDefaults.Hosting;

namespace RetrainLoop.Tests.ServiceDefaults.Hosting;

public sealed class OutageTests
{
    [Theory]
    [InlineData(PostgresErrorCodes.AdminShutdown, true)]
    [InlineData(PostgresErrorCodes.TooManyConnections, true)]
    [InlineData(PostgresErrorCodes.SerializationFailure, true)]
    [InlineData(PostgresErrorCodes.UniqueViolation, false)]
    [InlineData(PostgresErrorCodes.UndefinedColumn, false)]
    public void IsOfDatabase_AnswerOfPostgres_OnlyIfItPasses(string code, bool passes) =>
        Assert.Equal(passes, Outage.IsOfDatabase(new PostgresException("refused", "ERROR", "ERROR", code)));

    public static TheoryData<Exception, bool> Exceptions => new()
    {
        { new NpgsqlException("Failed to connect"), true },
        { new TimeoutException(), true },
        { new HttpRequestException(), true },
        { new TimeoutRejectedException(), true }, // by the pipeline of HTTP clients
        { new BrokenCircuitException(), true },
        { new BlobStorageException("away", null), true },
        { new InvalidOperationException(), false },
        { new OperationCanceledException(), false },
    };

    [Theory]
    [MemberData(nameof(Exceptions), DisableDiscoveryEnumeration = true)]
    public void Explains_WhatIsAwayOrAMistake_TellsThemApart(Exception exception, bool isAway) => Assert.Equal(isAway, Outage.Explains(exception));
}
