using RetrainLoop.Monitor.Alerts.Notifications;

namespace RetrainLoop.Tests.Monitor.Alerts;

public sealed class WebhookTests
{
    [Fact]
    public void Sign_KnownValues_IsWhatOpensslGives() => Assert.Equal( // printf '1700000000.{"a":1}' | openssl dgst -sha256 -hmac key
        "v1=a438e398bfafc57e4396bb7fc2304422f0f768e965d073ca313cb52e22e6ad03", WebhookBody.Sign("key", 1700000000, """{"a":1}"""u8));
}
