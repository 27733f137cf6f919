namespace RetrainLoop.Inference.Models.Heads;

/// <summary>What is known of a detector when its head is looked for.</summary>
/// <param name="Rows">Of the output, without the batch dimension, as a warm-up frame gave it.</param>
/// <param name="Classes">Number of class names from metadata or upload, if any.</param>
/// <param name="Wanted">The head that the uploader named, if any.</param>
/// <param name="Values">What the rows hold; asked only where the shape does not decide.</param>
readonly record struct HeadEvidence(int Rows, int Columns, int InputWidth, int InputHeight, int? Classes, DetectorHead? Wanted,
    Func<RowEvidence> Values)
{
    /// <summary>Pixels reach across the input, offsets stay around their cell.</summary>
    public bool HasPixels => Values().LargestCenter > Math.Max(InputWidth, InputHeight) / 4f;
}

/// <summary>Decides from shape, metadata and the answer to a warm-up frame how an output is laid out; file names tell nothing.</summary>
static class HeadDetection
{
    public const string Supported =
        "Supported are [1, 4+classes, boxes] (YOLOv8, v9, v11; also transposed), [1, boxes, 5+classes] (YOLOv5, v6, v7), "
        + "[1, boxes, 6] (end-to-end v10, v26, suppression inside) and YOLOX (raw grid or decoded).";

    const int MostEndToEndBoxes = 1000;

    /// <summary>The head of an output, or null when none fits.</summary>
    public static Head? Find(in HeadEvidence evidence) => evidence.Columns < 5 || evidence.Rows < 1 ? null : evidence.Wanted switch
    {
        null => FindByShape(evidence),
        DetectorHead.Yolov8 => ColumnsAreBoxes(evidence) ? Yolov8(evidence) : Yolov8Transposed(evidence),
        DetectorHead.Yolov5 => Yolov5(evidence),
        DetectorHead.Yolox => Yolox(evidence, evidence.HasPixels),
        _ => EndToEnd(evidence),
    };

    static Head? FindByShape(in HeadEvidence evidence)
    {
        int boxes = evidence.Rows, width = evidence.InputWidth, height = evidence.InputHeight;
        if (ColumnsAreBoxes(evidence)) return Yolov8(evidence);
        if (AnchorGrid.IsAnchorBased(boxes, width, height)) return Yolov5(evidence);
        if (AnchorGrid.IsAnchorFree(boxes, width, height)) return OneRowPerCell(evidence);
        // RT-DETR with two classes has the same shape: its sixth member is a score.
        return evidence.Columns == 6 && boxes <= MostEndToEndBoxes && evidence.Values().SixthIsClass ? EndToEnd(evidence) : null;
    }

    static Head? OneRowPerCell(in HeadEvidence evidence)
    {
        if (evidence.Classes is { } classes && evidence.Columns == 4 + classes) return Yolov8Transposed(evidence);
        if (!evidence.HasPixels) return evidence.Values().HasLogarithms ? Yolox(evidence, isDecoded: false) : null;
        if (evidence.Values().ObjectnessIsOne) return Yolov5(evidence); // YOLOv6
        return evidence.Classes is null ? Yolov8Transposed(evidence) : Yolox(evidence, isDecoded: true);
    }

    static bool ColumnsAreBoxes(in HeadEvidence evidence) =>
        evidence.Rows < evidence.Columns && (evidence.Classes is { } classes && evidence.Rows == 4 + classes
            || AnchorGrid.IsAnchorFree(evidence.Columns, evidence.InputWidth, evidence.InputHeight));

    static Yolov8Head? Yolov8(in HeadEvidence evidence) => Classes(evidence.Rows - 4, evidence) is { } classes ? new Yolov8Head(classes) : null;

    static Yolov8TransposedHead? Yolov8Transposed(in HeadEvidence evidence) =>
        Classes(evidence.Columns - 4, evidence) is { } classes ? new Yolov8TransposedHead(classes) : null;

    static Yolov5Head? Yolov5(in HeadEvidence evidence) => Classes(evidence.Columns - 5, evidence) is { } classes ? new Yolov5Head(classes) : null;

    static YoloxHead? Yolox(in HeadEvidence evidence, bool isDecoded) =>
        AnchorGrid.Cells(evidence.InputWidth, evidence.InputHeight, AnchorGrid.CommonStrides) == evidence.Rows
            && Classes(evidence.Columns - 5, evidence) is { } classes
            ? new YoloxHead(classes, evidence.InputWidth, evidence.InputHeight, isDecoded)
            : null;

    static EndToEndHead? EndToEnd(in HeadEvidence evidence) =>
        evidence.Columns == 6 && evidence.Classes is { } classes ? new EndToEndHead(classes) : null;

    static int? Classes(int inOutput, in HeadEvidence evidence) => inOutput > 0 && (evidence.Classes ?? inOutput) == inOutput ? inOutput : null;
}
