namespace RetrainLoop.Inference.Comparisons;

/// <summary>How far two models agree on a picture. Pure.</summary>
/// <param name="Agreements">Boxes that both found.</param>
readonly record struct BoxAgreement(int Agreements, int OnlyModel, int OnlyChampion)
{
    const float SameObject = 0.5f;

    public int Differences => OnlyModel + OnlyChampion;

    /// <summary>
    /// Pairs boxes of one class greedily: each box of the model, best first, with the champion's box that it overlaps most, if that is by an IoU of
    /// at least 0.5 and not paired yet. Classes are compared by name, because two models may number them differently.
    /// </summary>
    public static BoxAgreement Of(IReadOnlyList<Detection> model, IReadOnlyList<Detection> champion)
    {
        var paired = new bool[champion.Count];
        var agreements = 0;
        foreach (var detection in model)
        {
            int best = -1;
            var most = SameObject;
            for (var i = 0; i < champion.Count; i++)
                if (!paired[i] && champion[i].Name == detection.Name && Box.IoU(champion[i].ToBox(), detection.ToBox()) is var overlap
                    && overlap >= most)
                    (best, most) = (i, overlap);
            if (best < 0) continue;
            paired[best] = true;
            agreements++;
        }
        return new BoxAgreement(agreements, model.Count - agreements, champion.Count - agreements);
    }
}
