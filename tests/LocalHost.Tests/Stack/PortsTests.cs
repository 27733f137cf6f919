using System.Net;
using CsCheck;
using RetrainLoop.LocalHost.Stack;

namespace RetrainLoop.Tests.LocalHost.Stack;

public sealed class PortsTests
{
    [Fact]
    public void ForReplicas_Claimed_SkipsThem() => Assert.Equal([8100, 8102, 8103], Ports.ForReplicas([8080, 8101, 8091], 3));

    [Fact]
    public void ForReplicas_Any_AreDistinctAndUnclaimed() =>
        Gen.Select(Gen.Int[1000, 1100].HashSet[1, 60], Gen.Int[0, 40]).Sample((claimed, count) =>
        {
            var ports = Ports.ForReplicas(claimed, count);
            return ports.Distinct().Count() == count && !ports.Any(claimed.Contains);
        });

    [Fact]
    public void Problem_TwoResourcesOnePort_NamesBoth()
    {
        var port = Ports.Free();
        Assert.StartsWith(
            $"web and inference both want port {port}",
            Ports.Problem([new("web", IPAddress.Loopback, port), new("inference", IPAddress.Loopback, port)]),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Problem_AllFree_IsNone() => Assert.Null(Ports.Problem([new("web", IPAddress.Loopback, Ports.Free())]));
}
