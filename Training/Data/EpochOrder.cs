namespace RetrainLoop.Training.Data;

/// <summary>Which images an epoch shows, and in what order.</summary>
public static class EpochOrder
{
    /// <summary>
    /// All new images once, and so many random base images that they are <paramref name="replayShare"/> of the epoch (or all there are).
    /// Without base images, or without new ones, it is simply all.
    /// </summary>
    /// <param name="replayShare">In [0, 1).</param>
    public static int[] Draw(IReadOnlyList<bool> isNew, double replayShare, Random random)
    {
        var fresh = Enumerable.Range(0, isNew.Count).Where(index => isNew[index]).ToArray();
        var replay = Enumerable.Range(0, isNew.Count).Where(index => !isNew[index]).ToArray();
        random.Shuffle(replay);
        var replayed = fresh.Length == 0 ? replay.Length : (int)Math.Round(fresh.Length * replayShare / (1 - replayShare));
        int[] order = [.. fresh, .. replay.Take(replayed)];
        random.Shuffle(order);
        return order;
    }
}
