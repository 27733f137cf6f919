namespace RetrainLoop.Inference.Models.Heads;

/// <summary>What is known of a detector when its head is looked for.</summary>
/// <param name="Output">Shape of the first output without the batch dimension, as a warm-up frame gave it.</param>
/// <param name="Classes">Number of class names from metadata or upload, if any.</param>
/// <param name="Wanted">The head that the uploader named, if any.</param>
/// <param name="LargestCenter">Largest value among the first two box members in the warm-up output: pixels, or offsets in a cell.</param>
readonly record struct HeadEvidence(int Rows, int Columns, int InputWidth, int InputHeight, int? Classes, DetectorHead? Wanted,
    Func<int, float> LargestCenter);

/// <summary>Decides from shape and metadata how an output is laid out; file names tell nothing.</summary>
static class HeadDetection
{
    public const string Supported =
        "Supported are [1, 4+classes, boxes] (YOLOv8, v9, v11; also transposed), [1, boxes, 5+classes] (YOLOv5, v7), "
        + "[1, boxes, 6] (end-to-end v10, v26) and the raw grid of YOLOX.";

    const int MostEndToEndBoxes = 1000;

    /// <summary>The head of an output, or null when none fits.</summary>
    public static Head? Find(in HeadEvidence evidence) => evidence.Wanted switch
    {
        null => FindByShape(evidence),
        DetectorHead.Yolov8 => ColumnsAreBoxes(evidence) ? Yolov8(evidence) : Yolov8Transposed(evidence),
        DetectorHead.Yolov5 => RowOfFive(evidence, classes => new Yolov5Head(classes)),
        DetectorHead.Yolox => Yolox(evidence),
        _ => EndToEnd(evidence),
    };

    static Head? FindByShape(in HeadEvidence evidence)
    {
        int boxes = evidence.Rows, width = evidence.InputWidth, height = evidence.InputHeight;
        if (ColumnsAreBoxes(evidence)) return Yolov8(evidence);
        if (AnchorGrid.IsAnchorBased(boxes, width, height)) return RowOfFive(evidence, classes => new Yolov5Head(classes));
        if (AnchorGrid.IsAnchorFree(boxes, width, height))
        {
            if (evidence.Classes is { } classes) return evidence.Columns == 4 + classes ? Yolov8Transposed(evidence) : Yolox(evidence);
            // Pixels reach across the input, offsets stay around their cell.
            return evidence.LargestCenter(evidence.Columns) > Math.Max(width, height) / 4f ? Yolov8Transposed(evidence) : Yolox(evidence);
        }
        return evidence.Columns == 6 && boxes <= MostEndToEndBoxes ? EndToEnd(evidence) : null;
    }

    static bool ColumnsAreBoxes(in HeadEvidence evidence) =>
        evidence.Rows < evidence.Columns && (evidence.Classes is { } classes && evidence.Rows == 4 + classes
            || AnchorGrid.IsAnchorFree(evidence.Columns, evidence.InputWidth, evidence.InputHeight));

    static Yolov8Head? Yolov8(in HeadEvidence evidence) => Classes(evidence.Rows - 4, evidence) is { } classes ? new Yolov8Head(classes) : null;

    static Yolov8TransposedHead? Yolov8Transposed(in HeadEvidence evidence) =>
        Classes(evidence.Columns - 4, evidence) is { } classes ? new Yolov8TransposedHead(classes) : null;

    static YoloxHead? Yolox(in HeadEvidence evidence) =>
        AnchorGrid.Cells(evidence.InputWidth, evidence.InputHeight, AnchorGrid.CommonStrides) == evidence.Rows
            && Classes(evidence.Columns - 5, evidence) is { } classes
            ? new YoloxHead(classes, evidence.InputWidth, evidence.InputHeight)
            : null;

    static Head? RowOfFive(in HeadEvidence evidence, Func<int, Head> make) =>
        Classes(evidence.Columns - 5, evidence) is { } classes ? make(classes) : null;

    static EndToEndHead? EndToEnd(in HeadEvidence evidence) =>
        evidence.Columns == 6 && evidence.Classes is { } classes ? new EndToEndHead(classes) : null;

    static int? Classes(int inOutput, in HeadEvidence evidence) => inOutput > 0 && (evidence.Classes ?? inOutput) == inOutput ? inOutput : null;
}
