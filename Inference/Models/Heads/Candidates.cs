namespace RetrainLoop.Inference.Models.Heads;

/// <summary>
/// Boxes that a head found, by corners in input pixels, one array per member so that suppression can be vectorised. Reused from frame to frame.
/// </summary>
sealed class Candidates
{
    public float[] Left = new float[512], Top = new float[512], Right = new float[512], Bottom = new float[512], Score = new float[512];
    public int[] Class = new int[512];

    public int Count { get; private set; }

    /// <summary>The network gave scores or boxes that are no finite numbers: what it answered cannot be used.</summary>
    public bool IsBroken { get; private set; }

    public void Clear()
    {
        Count = 0;
        IsBroken = false;
    }

    /// <summary>Notes a score that no threshold lets through; NaN is not below one either.</summary>
    public void Skip(float score) => IsBroken |= float.IsNaN(score);

    public void Add(float left, float top, float right, float bottom, float score, int @class)
    {
        IsBroken |= !float.IsFinite(left + top + right + bottom + score);
        if (Count == Score.Length) Grow();
        Left[Count] = left;
        Top[Count] = top;
        Right[Count] = right;
        Bottom[Count] = bottom;
        Score[Count] = score;
        Class[Count] = @class;
        Count++;
    }

    public void AddCentered(float x, float y, float width, float height, float score, int @class) =>
        Add(x - width / 2, y - height / 2, x + width / 2, y + height / 2, score, @class);

    void Grow()
    {
        var length = Score.Length * 2;
        Array.Resize(ref Left, length);
        Array.Resize(ref Top, length);
        Array.Resize(ref Right, length);
        Array.Resize(ref Bottom, length);
        Array.Resize(ref Score, length);
        Array.Resize(ref Class, length);
    }
}
