using System.Text.Json;
using Microsoft.Extensions.Configuration;
using RetrainLoop.Web.Loop;
using RetrainLoop.Web.Loop.Policies;

namespace RetrainLoop.Tests.Web.Loop.Policies;

public sealed class RetrainPolicyTests
{
    [Fact]
    public void DefaultPolicy_FromConfiguration_TakesListsAndRecordsWhole()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Loop:DefaultPolicy:MinimumTraining"] = "12", ["Loop:DefaultPolicy:Mode"] = "Ask", ["Loop:DefaultPolicy:Actions:0"] = "Watch",
            ["Loop:DefaultPolicy:Hyperparameters:Epochs"] = "3", ["Loop:DefaultPolicy:DiagnoseCron"] = "*/10 * * * * *",
            ["Loop:DefaultPolicy:RolloutSteps:0:Weight"] = "0.5", ["Loop:DefaultPolicy:RolloutSteps:0:BakeSeconds"] = "7",
            ["Loop:DefaultPolicy:RolloutSteps:0:MinimumRequests"] = "9",
            ["Loop:DefaultPolicy:Sampling:RandomPerCameraHour"] = "3600", ["Loop:DefaultPolicy:Sampling:Caps:PerMinute"] = "60",
        }).Build();
        var options = new LoopOptions();
        configuration.GetSection("Loop").Bind(options);
        var policy = options.DefaultPolicy;
        Assert.Null(policy.Refusal());
        Assert.Equal((12, RetrainMode.Ask, "*/10 * * * * *"), (policy.MinimumTraining, policy.Mode, policy.DiagnoseCron));
        Assert.Equal([DiagnosisAction.Watch], policy.Actions);
        Assert.Equal(new Hyperparameters(Epochs: 3), policy.Hyperparameters);
        Assert.Equal([new RolloutStep(0.5, 7, 9)], policy.RolloutSteps);
        Assert.Equal(new SamplingPolicy(RandomPerCameraHour: 3600, Caps: new SamplingCaps(PerMinute: 60)), policy.Sampling);
    }

    [Fact]
    public void Refusal_EveryBadMember_NamesIt()
    {
        foreach (var (bad, word) in new (RetrainPolicy, string)[]
                 {
                     (new() { Name = "" }, "name"), (new() { MinimumRecent = 0 }, "minimumRecent"), (new() { CooldownMinutes = -1 }, "cooldownMinutes"),
                     (new() { Hyperparameters = new(Lr0: 1) }, "lr0"), (new() { RolloutSteps = [] }, "rolloutSteps"),
                     (new() { RolloutSteps = [new(2, 1, 1)] }, "weight"),
                     (new() { RolloutSteps = [new(0.5, 1, 1), new(0.25, 1, 1)] }, "more traffic"), (new() { SamplingHours = double.NaN }, "samplingHours"),
                 })
            Assert.Contains(word, bad.Refusal());
        Assert.Null(new RetrainPolicy().Refusal());
    }

    [Theory]
    [InlineData(null, 100, 100)]
    [InlineData(0.0, 100, 100)]
    [InlineData(300.0, 100, 300)]
    public void Raise_OwnSampling_KeepsAtLeastTheEmbeddingsOfTheDeployment(double? own, double normal, double expected)
    {
        var policy = new RetrainPolicy { Sampling = own is { } embeddings ? new SamplingPolicy(RandomPerCameraHour: 3600, EmbeddingsPerCameraHour: embeddings) : null };
        var raised = policy.Raise(new SamplingPolicy(RandomPerCameraHour: 360, EmbeddingsPerCameraHour: normal), null, DateTimeOffset.UnixEpoch);
        Assert.Equal((3600.0, expected), (raised.RandomPerCameraHour, raised.EmbeddingsPerCameraHour));
    }

    [Fact]
    public void Policy_AsJson_ComesBackEqual()
    {
        var policy = new RetrainPolicy { Mode = RetrainMode.Ask, Hyperparameters = new Hyperparameters(Epochs: 5) };
        Assert.Equal(policy, JsonSerializer.Deserialize<RetrainPolicy>(JsonSerializer.Serialize(policy, ContractJson.Options), ContractJson.Options));
    }
}
