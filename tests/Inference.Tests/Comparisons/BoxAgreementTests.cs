using CsCheck;
using RetrainLoop.Inference.Comparisons;

namespace RetrainLoop.Tests.Inference.Comparisons;

public sealed class BoxAgreementTests
{
    [Fact]
    public void Of_SameObjectOtherObjectOtherClass_CountsEachOnce()
    {
        Detection[] model = [At("nut", 0), At("nut", 100), At("bolt", 200)], champion = [At("nut", 3), At("nut", 4), At("nut", 200)];
        Assert.Equal(new BoxAgreement(1, 2, 2), BoxAgreement.Of(model, champion));
        Assert.Equal(new BoxAgreement(0, 0, 3), BoxAgreement.Of([], champion));
    }

    [Fact]
    public void Of_AnyBoxes_PairsEachAtMostOnceAndAgreesWithItself()
    {
        var boxes = Gen.Select(Gen.Int[0, 2], Gen.Int[0, 60]).Array[0, 12].Select(all => all.Select(box => At($"c{box.Item1}", box.Item2)).ToArray());
        Gen.Select(boxes, boxes).Sample((model, champion) =>
        {
            var agreement = BoxAgreement.Of(model, champion);
            return agreement.Agreements + agreement.OnlyModel == model.Length && agreement.Agreements + agreement.OnlyChampion == champion.Length
                && agreement.OnlyModel >= 0 && agreement.OnlyChampion >= 0 && BoxAgreement.Of(model, model).Differences == 0;
        }, iter: 2000);
    }

    static Detection At(string name, float x) => new(0, name, 0.9f, x, 0, 20, 20);
}
