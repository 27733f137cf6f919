using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using RetrainLoop.Monitor.Diagnoses;

namespace RetrainLoop.Tests.Monitor.Diagnoses;

public sealed class DiagnosisOptionsTests
{
    static async Task StartAsync(string key, string value)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection([new(key, value)]);
        builder.AddDiagnoses();
        using var host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);
        await host.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Start_FormerDropIsSet_IsRefusedWithWhatToSetInstead()
    {
        var refusal = await Assert.ThrowsAsync<OptionsValidationException>(() => StartAsync("Monitor:Diagnosis:MeanAveragePrecisionDrop", "0.02"));
        Assert.Contains("set Monitor:Evaluation:HoldoutDrop", refusal.Message, StringComparison.Ordinal);
        await StartAsync("Monitor:Diagnosis:DetectionsPerMinuteDrop", "0.4");
    }
}
