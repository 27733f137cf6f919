using System.Globalization;
using System.IO.Compression;
using System.Text;
using RetrainLoop.Simulator.Frames;
using RetrainLoop.Simulator.LabelledSets;

namespace RetrainLoop.Tests.Simulator.LabelledSets;

public sealed class LabelledSetTests
{
    [Fact]
    public void Files_EachLabelFile_SaysTheTruthOfItsFrame()
    {
        var files = LabelledSet.Files(new LabelledSetRequest(12, 5, new Drift(0, 0, 0.5), 0.25)).ToDictionary(file => file.Path, file => file.Content);
        Assert.Contains("names:\n  0: washer\n  1: nut\n  2: bolt\n  3: gear\n", Encoding.UTF8.GetString(files["data.yaml"]));
        var images = files.Keys.Where(path => path.StartsWith("images/", StringComparison.Ordinal)).ToList();
        Assert.Equal((9, 3), (images.Count(path => path.Contains("/train/")), images.Count(path => path.Contains("/val/"))));
        foreach (var image in images)
        {
            var truth = Truth.OfFrame(Path.GetFileNameWithoutExtension(image));
            var labels = Encoding.UTF8.GetString(files[image.Replace("images/", "labels/").Replace(".jpg", ".txt")]);
            var written = labels.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Parse).ToList();
            Assert.Equal(truth!.Boxes.Select(box => box.Class), written.Select(box => box.Class));
            Assert.All(truth.Boxes.Zip(written), pair => Assert.True(Box.IoU(pair.First.ToBox(), pair.Second.ToBox()) > 0.9999f, $"{pair.First} became {pair.Second}."));
        }
    }

    [Fact]
    public void Frames_OfSetsAndSplits_NeverMeet()
    {
        var frames = new[] { 1, 2, 3 }.SelectMany(seed => LabelledSet.Frames(new LabelledSetRequest(40, seed))).ToList();
        Assert.Equal(120, frames.Select(frame => frame.Frame).Distinct().Count());
        Assert.All(frames, frame => Assert.True(frame.Frame.Seed < LabelledSetRequest.FirstLiveSeed));
    }

    [Fact]
    public async Task WriteZip_SameRequest_GivesSameBytes()
    {
        var request = new LabelledSetRequest(3, 9);
        var (first, second) = (await ZipAsync(request), await ZipAsync(request));
        Assert.Equal(first, second);
        using var zip = new ZipArchive(new MemoryStream(first));
        Assert.Equal(7, zip.Entries.Count);
    }

    [Fact]
    public async Task MakeSet_ArgumentsOutOfRange_SaysWhichAndWritesNothing()
    {
        var error = new StringWriter();
        var folder = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        Assert.Equal(2, await MakeSetCommand.RunAsync(["--count", "0", "--drift-light", "1.5", "--out", folder], TextWriter.Null, error, CancellationToken.None));
        Assert.Contains("count is 0", error.ToString());
        Assert.Contains("drift.light is 1.5", error.ToString());
        Assert.False(Directory.Exists(folder));
    }

    static async Task<byte[]> ZipAsync(LabelledSetRequest request)
    {
        using var zip = new MemoryStream();
        await LabelledSet.WriteZipAsync(request, zip, CancellationToken.None);
        return zip.ToArray();
    }

    static LabelBox Parse(string line)
    {
        var n = line.Split(' ').Select(field => double.Parse(field, CultureInfo.InvariantCulture)).ToArray();
        return new LabelBox((int)n[0], (float)((n[1] - n[3] / 2) * 640), (float)((n[2] - n[4] / 2) * 480), (float)(n[3] * 640), (float)(n[4] * 480));
    }
}
