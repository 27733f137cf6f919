using RetrainLoop.Training.Assignment;
using static TorchSharp.torch;

namespace RetrainLoop.Tests.Training.Assignment;

/// <summary>Points at x = 5, 15, 25 .. on the line y = 5; boxes are 10 high there, so that overlaps can be worked out by hand.</summary>
public sealed class TaskAlignedAssignerTests
{
    static readonly TaskAlignedAssigner Assigner = new(Alpha: 1, Beta: 2, Candidates: 2);

    [Fact]
    public void Assign_OneObject_TheBestCandidatesLearnItAndTheBestIsAsSureAsItsIoU()
    {
        // The object is x 0..40. Predictions cover x 0..40 (IoU 1), 0..20 (0.5), 0..10 (0.25), 0..40 but with a low score.
        var targets = Targets([[0, 0, 40, 10]], [0]);
        var corners = Boxes([0, 0, 40, 10], [0, 0, 20, 10], [0, 0, 10, 10], [0, 0, 40, 10]);
        var scores = tensor(new[] { 0.2f, 0.8f, 0.9f, 0.1f }).view(1, 4, 1);
        // Alignment s * IoU^2: 0.2, 0.2, 0.05625, 0.1: the first two are chosen.
        var assigned = Assigner.Assign(scores, corners, Points(4), targets, reach: 4);

        Assert.Equal([true, true, false, false], assigned.Positive.data<bool>().ToArray());
        // Normalised by the largest alignment and times the largest IoU (1): both 1.
        AssertClose([1, 1, 0, 0], assigned.Scores.view(4));
    }

    [Fact]
    public void Assign_WorseCandidate_IsLessSure()
    {
        var targets = Targets([[0, 0, 40, 10]], [0]);
        var corners = Boxes([0, 0, 30, 10], [0, 0, 20, 10]);
        var scores = tensor(new[] { 0.8f, 0.4f }).view(1, 2, 1);
        // Alignment 0.8 * 0.75^2 = 0.45 and 0.4 * 0.5^2 = 0.1; the best IoU is 0.75: scores 0.75 and 0.1 / 0.45 * 0.75.
        var assigned = Assigner.Assign(scores, corners, Points(2), targets, reach: 4);
        AssertClose([0.75f, 0.1f / 0.45f * 0.75f], assigned.Scores.view(2));
    }

    [Fact]
    public void Assign_PointInTwoObjects_LearnsTheOneItCoversBest()
    {
        var targets = Targets([[0, 0, 20, 10], [0, 0, 40, 10]], [0, 1]);
        var corners = Boxes([0, 0, 36, 10]);
        var assigned = Assigner.Assign(full([1, 1, 2], 0.5f), corners, Points(1), targets, reach: 4);
        AssertClose([0, 0, 40, 10], assigned.Corners.view(4));
        AssertClose([0, 0.9f], assigned.Scores.view(2));
    }

    [Fact]
    public void Assign_ObjectSmallerThanACell_StillHasAPoint()
    {
        var targets = Targets([[6, 6, 8, 8]], [0]); // 1 pixel off the point (5, 5)
        var assigned = Assigner.Assign(full([1, 2, 1], 0.5f), Boxes([6, 6, 8, 8], [6, 6, 8, 8]), Points(2), targets, reach: 4);
        Assert.Equal([true, false], assigned.Positive.data<bool>().ToArray());
    }

    [Fact]
    public void Assign_PaddingOnly_HasNoPositivePoint()
    {
        var targets = Targets([[0, 0, 40, 10]], [0]) with { Present = zeros([1, 1], dtype: @bool) };
        var assigned = Assigner.Assign(full([1, 2, 1], 0.5f), Boxes([0, 0, 40, 10], [0, 0, 40, 10]), Points(2), targets, reach: 4);
        Assert.False(assigned.Positive.any().item<bool>());
        Assert.Equal(0, assigned.Scores.sum().item<float>());
    }

    static Tensor Points(int count) => tensor(Enumerable.Range(0, count).SelectMany(i => new[] { 5f + 10 * i, 5f }).ToArray()).view(count, 2);

    static Tensor Boxes(params float[][] boxes) => tensor(boxes.SelectMany(box => box).ToArray()).view(1, boxes.Length, 4);

    static Targets Targets(float[][] boxes, long[] classes) =>
        new(Boxes(boxes), tensor(classes).view(1, classes.Length), ones([1, classes.Length], dtype: @bool));

    static void AssertClose(float[] expected, Tensor actual) => Assert.Equal(expected, actual.data<float>().ToArray(), (a, b) => Math.Abs(a - b) < 1e-5);
}
