using RetrainLoop.Web.Pages.Models;

namespace RetrainLoop.Tests.Web.Pages.Models;

public sealed class DeploymentChoiceTests
{
    [Fact]
    public void For_Model_LikeliestFirstAndNeverWhereItIsChampion()
    {
        var model = Deployments.Model("m", 2, "nut", "bolt");
        DeploymentInfo[] all =
        [
            Deployments.Of("other", new ModelRef("x", 1)), Deployments.Of("serves-it", model.Ref),
            Deployments.Of("same-classes", new ModelRef("y", 1), ["bolt", "nut"]), Deployments.Of("same-name", new ModelRef("m", 1)),
            Deployments.Of("knows-it", new ModelRef("z", 1), previous: model.Ref),
        ];
        Assert.Equal(["knows-it", "same-name", "same-classes", "other"], DeploymentChoice.For(model, all).Select(one => one.Name));
        Assert.Empty(DeploymentChoice.For(model, [all[1]]));
    }

    [Theory]
    [InlineData("a,b", "a,b", null)]
    [InlineData("a,b", "b,a", "The classes of line stay, in another order: callers that go by a class's number must change, those that go by its name need not.")]
    [InlineData("a,b,c,d", "a,b,c,e", "line would no longer find d. New would be e.")]
    [InlineData("a", "a,b,c,d,e,f,g,h", "New would be b, c, d, e, f and 2 more.")]
    [InlineData("a,b", "b", "line would no longer find a.")]
    public void Of_TwoListsOfClasses_NamesWhatIsLostAndGained(string champion, string model, string? words) =>
        Assert.Equal(words, ClassChange.Of("line", champion.Split(','), model.Split(',')));
}
