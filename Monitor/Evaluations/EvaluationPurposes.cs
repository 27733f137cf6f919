using RetrainLoop.Contracts;

namespace RetrainLoop.Monitor.Evaluations;

/// <summary>Purposes that Monitor itself reads; others are free text.</summary>
static class EvaluationPurposes
{
    public const string LiveHoldout = "live-holdout", LockedHoldout = "locked-holdout";

    /// <summary>mAP@0.5:0.95 as a fraction; null where the dataset holds no object.</summary>
    public static double? MeanAveragePrecision(this EvaluationInfo evaluation) => evaluation.Stats[0] < 0 ? null : evaluation.Stats[0];

    /// <summary>As a point of a holdout's curve.</summary>
    public static HoldoutPoint ToPoint(this EvaluationInfo evaluation) => new(evaluation.Id, evaluation.At, evaluation.Model, evaluation.Dataset,
        evaluation.Stats[0], evaluation.Low, evaluation.High, evaluation.Images, evaluation.Objects, evaluation.PerCategory);
}
