using System.Numerics;

namespace RetrainLoop.Inference.Models.Heads;

/// <summary>
/// Greedy class-wise non-maximum suppression: boxes by falling score (ties in the order in which they came); a box is dropped when its IoU with a
/// kept one of its class is above the threshold. The kept boxes of all classes are compared at once. Not thread-safe: one per worker.
/// </summary>
sealed class Suppression
{
    ulong[] order = new ulong[512];
    float[] left = [], top = [], right = [], bottom = [], area = [];
    float[] classOf = [];

    /// <summary>Indices of the boxes that stay, best first.</summary>
    /// <param name="above">Only boxes that score above this.</param>
    /// <param name="classes">Only these classes; null = all.</param>
    /// <param name="threshold">IoU above which a box is dropped; 1 or more keeps all.</param>
    /// <param name="kept">Receives the indices; its length is the most that are kept.</param>
    public int Run(Candidates boxes, float above, IReadOnlySet<int>? classes, float threshold, Span<int> kept)
    {
        Reserve(boxes.Count, kept.Length);
        var ordered = Order(boxes, above, classes);
        var count = 0;
        for (var i = 0; i < ordered && count < kept.Length; i++)
        {
            var box = (int)(uint)order[i];
            if (IsCovered(boxes, box, threshold, count)) continue;
            Keep(boxes, box, count);
            kept[count++] = box;
        }
        return count;
    }

    // Scores are not negative, so their bits order as they do; the index below them keeps ties in order.
    int Order(Candidates boxes, float above, IReadOnlySet<int>? classes)
    {
        var count = 0;
        for (var i = 0; i < boxes.Count; i++)
            if (boxes.Score[i] > above && (classes is null || classes.Contains(boxes.Class[i])))
                order[count++] = (ulong)~BitConverter.SingleToUInt32Bits(boxes.Score[i]) << 32 | (uint)i;
        Array.Sort(order, 0, count);
        return count;
    }

    bool IsCovered(Candidates boxes, int box, float threshold, int count)
    {
        float boxLeft = boxes.Left[box], boxTop = boxes.Top[box], boxRight = boxes.Right[box], boxBottom = boxes.Bottom[box];
        var boxArea = (boxRight - boxLeft) * (boxBottom - boxTop);
        var boxClass = new Vector<float>(boxes.Class[box]);
        var zero = Vector<float>.Zero;
        // Slots behind the last kept box hold class -1, so whole vectors may be read.
        for (var i = 0; i < count; i += Vector<float>.Count)
        {
            var width = Vector.Min(Of(right, i), new Vector<float>(boxRight)) - Vector.Max(Of(left, i), new Vector<float>(boxLeft));
            var height = Vector.Min(Of(bottom, i), new Vector<float>(boxBottom)) - Vector.Max(Of(top, i), new Vector<float>(boxTop));
            var intersection = Vector.Max(width, zero) * Vector.Max(height, zero);
            var union = Of(area, i) + new Vector<float>(boxArea) - intersection;
            var sameClass = Vector.Equals(Of(classOf, i), boxClass);
            var covered = Vector.GreaterThan(intersection / union, new Vector<float>(threshold)) & sameClass;
            if (covered != Vector<int>.Zero) return true;
        }
        return false;
    }

    static Vector<float> Of(float[] values, int index) => new(values, index);

    void Keep(Candidates boxes, int box, int slot)
    {
        left[slot] = boxes.Left[box];
        top[slot] = boxes.Top[box];
        right[slot] = boxes.Right[box];
        bottom[slot] = boxes.Bottom[box];
        area[slot] = (boxes.Right[box] - boxes.Left[box]) * (boxes.Bottom[box] - boxes.Top[box]);
        classOf[slot] = boxes.Class[box];
    }

    void Reserve(int boxes, int kept)
    {
        if (order.Length < boxes) order = new ulong[Math.Max(boxes, order.Length * 2)];
        var slots = kept + Vector<float>.Count;
        if (area.Length < slots) (left, top, right, bottom, area, classOf) = (New(), New(), New(), New(), New(), New());
        Array.Fill(classOf, -1f);

        float[] New() => new float[slots];
    }
}
