using System.Diagnostics;

namespace RetrainLoop.Tests.Inference.Predict;

/// <summary>The ready programs, run as a user would.</summary>
public sealed class SnippetsTests(PostgresServer postgres, RedisServer redis) : IAsyncLifetime
{
    readonly InferenceService inference = new(postgres, redis);
    readonly string folder = Directory.CreateTempSubdirectory("retrainloop-snippets-").FullName;
    PredictSnippets snippets = null!;

    public async ValueTask InitializeAsync()
    {
        var client = await inference.ListenAsync(("Telemetry:Enabled", "false"));
        await InferenceService.RegisterAsync(client, "tiny", TinyModel.Create());
        await InferenceService.DeployAsync(client, "line", new DeploymentRequest("tiny", 1));
        snippets = await InferenceService.ReadAsync<PredictSnippets>(await client.GetAsync("/v1/deployments/line/snippets"));
        Assert.Equal(new Uri(client.BaseAddress!, "/v1/deployments/line/predict").ToString(), snippets.Url);
        await File.WriteAllBytesAsync(Path.Combine(folder, "frame.jpg"), TestImage.Gray(20));
    }

    public async ValueTask DisposeAsync()
    {
        await inference.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData("curl", "bash", "sh", "--version")]
    [InlineData("python", "python3", "py", "-c", "import requests")]
    [InlineData("javascript", "node", "mjs", "--version")]
    public async Task Run_Snippet_PrintsWhatWasFound(string language, string program, string extension, params string[] probe)
    {
        if (!Runs(program, probe)) Assert.Skip($"'{program} {string.Join(' ', probe)}' does not work here: the {language} snippet was not run.");
        var file = $"snippet.{extension}";
        await File.WriteAllTextAsync(Path.Combine(folder, file), snippets.Snippets.Single(snippet => snippet.Language == language).Code);
        using var process = Start(program, file);
        var output = await process.StandardOutput.ReadToEndAsync();
        var errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, errors);
        Assert.Contains("dark", output);
        if (language == "curl") Assert.Equal([0xff, 0xd8], (await File.ReadAllBytesAsync(Path.Combine(folder, "annotated.jpg")))[..2]);
    }

    [Fact]
    public void CSharpSnippet_NamesTheDeploymentsUrl() =>
        Assert.Contains(snippets.Url, snippets.Snippets.Single(snippet => snippet.Language == "csharp").Code);

    bool Runs(string program, string[] arguments)
    {
        try
        {
            using var process = Start(program, arguments);
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    Process Start(string program, params string[] arguments) => Process.Start(new ProcessStartInfo(program, arguments)
    {
        WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true,
        Environment = { ["API_KEY"] = ServiceUnderTest<Program>.ServiceToken },
    })!;
}
