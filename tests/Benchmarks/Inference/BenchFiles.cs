namespace RetrainLoop.Benchmarks.Inference;

/// <summary>The models, the frame and the peer that lie beside the repository in <c>../shared/bench</c>.</summary>
static class BenchFiles
{
    static readonly (string Name, int Size)[] All = [("half_width_320", 320), ("yolov8n_shaped_640", 640)];

    /// <summary>All models, or the one that the command line names.</summary>
    public static IEnumerable<(string Name, int Size)> Models => BenchArguments.Text("model") is { } name ? All.Where(model => model.Name == name) : All;

    static string Folder => Path.GetFullPath(Path.Combine(GoldenFolder.RepositoryRoot, "..", "shared", "bench"));

    public static byte[] Frame => File.ReadAllBytes(Find("frame_1280x720.jpg"));

    public static string Model(string name) => Find($"{name}.onnx");

    public static string Peer => Find("node-peer");

    static string Find(string name) => Path.Combine(Folder, name) is var path && Path.Exists(path) ? path
        : throw new FileNotFoundException($"This benchmark needs {path}: put the folder 'shared' beside the repository.");
}
