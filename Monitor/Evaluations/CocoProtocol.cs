namespace RetrainLoop.Monitor.Evaluations;

/// <summary>The parameters of the COCO detection challenge, bounding boxes (pycocotools' defaults).</summary>
static class CocoProtocol
{
    public const int MaxDetections = 100;

    /// <summary>IoU from 0.50 to 0.95 in steps of 0.05, with the rounding of <c>numpy.linspace</c>, which decides boundary cases.</summary>
    public static readonly double[] IouThresholds = Linspace(0.5, 0.95, 10);

    /// <summary>The recalls at which precision is sampled: 0, 0.01, ... 1.</summary>
    public static readonly double[] RecallThresholds = Linspace(0, 1, 101);

    /// <summary>Closed ranges of area in pixels: all, small, medium, large.</summary>
    public static readonly (double Low, double High)[] AreaRanges = [(0, 1e10), (0, 1024), (1024, 9216), (9216, 1e10)];

    public const int All = 0, Small = 1, Medium = 2, Large = 3;
    public const int Iou50 = 0, Iou75 = 5;

    static double[] Linspace(double start, double stop, int count)
    {
        var step = (stop - start) / (count - 1);
        var values = new double[count];
        for (var i = 0; i < count; i++) values[i] = i * step + start;
        values[^1] = stop;
        return values;
    }
}
