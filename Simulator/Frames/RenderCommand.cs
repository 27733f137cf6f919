namespace RetrainLoop.Simulator.Frames;

/// <summary><c>render --frame ID --out FILE.jpg</c>: renders one frame again from its id and prints its true boxes.</summary>
public static class RenderCommand
{
    public const string Verb = "render";

    /// <returns>The exit code: 0 = written, 2 = the arguments make no sense.</returns>
    public static async Task<int> RunAsync(string[] arguments, TextWriter output, TextWriter error, CancellationToken cancellation)
    {
        var given = new ConfigurationBuilder().AddCommandLine(arguments).Build();
        if (FrameId.Parse(given["frame"]) is not { } frame || given["out"] is not { Length: > 0 } path)
        {
            await error.WriteLineAsync($"Usage: {Verb} --frame cam-hh-1.s7.000123.l70.c0.v70 --out frame.jpg");
            return 2;
        }
        await File.WriteAllBytesAsync(path, FrameRenderer.Jpeg(frame), cancellation);
        foreach (var box in Truth.OfFrame(frame.ToString())!.Boxes)
            await output.WriteLineAsync($"{Scenes.Part.ClassNames[box.Class],-7} x {box.X:F1}, y {box.Y:F1}, {box.Width:F1} x {box.Height:F1}");
        return 0;
    }
}
