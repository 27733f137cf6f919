using System.Net;
using RetrainLoop.Monitor.Alerts.Notifications;

namespace RetrainLoop.Tests.Monitor.Alerts;

public sealed class WebhookTests
{
    [Theory]
    [InlineData("127.0.0.1", false)]
    [InlineData("10.1.2.3", false)]
    [InlineData("172.31.255.255", false)]
    [InlineData("172.32.0.1", true)]
    [InlineData("192.168.1.1", false)]
    [InlineData("169.254.169.254", false)] // where clouds hand out credentials
    [InlineData("100.64.0.1", false)]
    [InlineData("0.0.0.0", false)]
    [InlineData("224.0.0.1", false)]
    [InlineData("8.8.8.8", true)]
    [InlineData("::1", false)]
    [InlineData("::ffff:10.0.0.1", false)]
    [InlineData("fd00::1", false)]
    [InlineData("fe80::1", false)]
    [InlineData("64:ff9b::a00:1", false)]
    [InlineData("2606:4700::1111", true)]
    public void IsPublic_Addresses_AreToldApart(string address, bool expected) => Assert.Equal(expected, AddressGuard.IsPublic(IPAddress.Parse(address)));

    [Fact]
    public void Sign_KnownValues_IsWhatOpensslGives() => Assert.Equal( // printf '1700000000.{"a":1}' | openssl dgst -sha256 -hmac key
        "v1=a438e398bfafc57e4396bb7fc2304422f0f768e965d073ca313cb52e22e6ad03", WebhookBody.Sign("key", 1700000000, """{"a":1}"""u8));
}
