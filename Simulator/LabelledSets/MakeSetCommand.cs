using RetrainLoop.Simulator.Frames;

namespace RetrainLoop.Simulator.LabelledSets;

/// <summary>
/// <c>make-set --count 400 --seed 1 [--drift-light 0] [--drift-camera 0] [--drift-variant 0] [--validation-share 0.2] --out DIR</c>:
/// writes a labelled set into a folder, or as a zip when the name ends in .zip.
/// </summary>
public static class MakeSetCommand
{
    public const string Verb = "make-set";

    /// <returns>The exit code: 0 = written, 2 = the arguments make no sense.</returns>
    public static async Task<int> RunAsync(string[] arguments, TextWriter output, TextWriter error, CancellationToken cancellation)
    {
        var problems = Read(arguments, out var request, out var path);
        if (problems.Count > 0)
        {
            foreach (var problem in problems) await error.WriteLineAsync(problem);
            return 2;
        }
        if (path.EndsWith(".zip", StringComparison.OrdinalIgnoreCase))
        {
            await using var file = File.Create(path);
            await LabelledSet.WriteZipAsync(request, file, cancellation);
        }
        else await LabelledSet.WriteFolderAsync(request, path, cancellation);
        await output.WriteLineAsync($"{request.Count} labelled frames are in {path}.");
        return 0;
    }

    static List<string> Read(string[] arguments, out LabelledSetRequest request, out string path)
    {
        request = new LabelledSetRequest();
        path = "";
        try
        {
            var given = new ConfigurationBuilder().AddCommandLine(arguments).Build();
            request = new LabelledSetRequest(
                given.GetValue("count", request.Count), given.GetValue("seed", request.Seed),
                new Drift(given.GetValue("drift-light", 0.0), given.GetValue("drift-camera", 0.0), given.GetValue("drift-variant", 0.0)),
                given.GetValue("validation-share", request.ValidationShare));
            path = given["out"] ?? "";
        }
        catch (Exception problem) when (problem is FormatException or InvalidOperationException)
        {
            return [problem.Message];
        }
        return [.. request.Problems(), .. path.Length == 0 ? ["--out names the folder or the .zip file to write."] : (string[])[]];
    }
}
