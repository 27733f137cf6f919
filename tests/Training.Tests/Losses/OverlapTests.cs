using RetrainLoop.Training.Losses;
using static TorchSharp.torch;

namespace RetrainLoop.Tests.Training.Losses;

public sealed class OverlapTests
{
    public static TheoryData<float[], float[]> Pairs => new()
    {
        { [0, 0, 10, 10], [0, 0, 10, 10] },
        { [0, 0, 10, 10], [5, 5, 15, 15] },
        { [0, 0, 10, 10], [20, 0, 30, 10] },
        { [0, 0, 20, 5], [0, 0, 5, 20] },
        { [3, 4, 9, 30], [1, 2, 40, 17] },
    };

    [Theory]
    [MemberData(nameof(Pairs))]
    public void IoUAndCompleteIoU_TwoBoxes_AreTheFormulas(float[] a, float[] b)
    {
        double width = Math.Max(0, Math.Min(a[2], b[2]) - Math.Max(a[0], b[0])), height = Math.Max(0, Math.Min(a[3], b[3]) - Math.Max(a[1], b[1]));
        double widthA = a[2] - a[0], heightA = a[3] - a[1], widthB = b[2] - b[0], heightB = b[3] - b[1];
        var iou = width * height / (widthA * heightA + widthB * heightB - width * height);
        var around = Math.Pow(Math.Max(a[2], b[2]) - Math.Min(a[0], b[0]), 2) + Math.Pow(Math.Max(a[3], b[3]) - Math.Min(a[1], b[1]), 2);
        var apart = (Math.Pow(a[0] + a[2] - b[0] - b[2], 2) + Math.Pow(a[1] + a[3] - b[1] - b[3], 2)) / 4;
        var v = 4 / (Math.PI * Math.PI) * Math.Pow(Math.Atan(widthB / heightB) - Math.Atan(widthA / heightA), 2);
        var complete = iou - apart / around - (v > 0 ? v / (1 - iou + v) * v : 0);

        Assert.Equal(iou, Overlap.IoU(tensor(a), tensor(b)).item<float>(), 1e-5);
        Assert.Equal(complete, Overlap.CompleteIoU(tensor(a), tensor(b)).item<float>(), 1e-5);
    }

    [Fact]
    public void CompleteIoU_BoxesApart_StillPullsThemTogether()
    {
        using var box = tensor(new float[] { 0, 0, 10, 10 }, requires_grad: true);
        Overlap.CompleteIoU(box, tensor(new float[] { 20, 0, 30, 10 })).backward();
        Assert.True(box.grad![2].item<float>() > 0, "a right side further right must be better");
    }
}
