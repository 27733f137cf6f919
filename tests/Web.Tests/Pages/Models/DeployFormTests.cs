using RetrainLoop.Web.Pages.Models;

namespace RetrainLoop.Tests.Web.Pages.Models;

public sealed class DeployFormTests
{
    static readonly DeploymentInfo Line = Deployments.Of("line", new ModelRef("m", 1));

    [Theory]
    [InlineData("line", "line exists; choose Roll out")]
    [InlineData(" Line ", "Line exists; choose Roll out")]
    [InlineData("", "Give the deployment a name")]
    public void Missing_NewWithoutAFreeName_SaysSo(string name, string words) =>
        Assert.StartsWith(words, new DeployForm { Way = DeployWay.New, Name = name }.Missing([Line]), StringComparison.Ordinal);

    [Fact]
    public void Missing_NewWithAFreeName_IsNothing() => Assert.Null(new DeployForm { Way = DeployWay.New, Name = "line-2" }.Missing([Line]));

    [Theory]
    [InlineData(DeployWay.Rollout)]
    [InlineData(DeployWay.Force)]
    public void Missing_TargetWithARolloutUnderWay_SaysSo(DeployWay way)
    {
        var form = new DeployForm { Way = way, Target = "line", Reason = "why not" };
        Assert.Null(form.Missing([Line]));
        Assert.Contains("A rollout is under way in line", form.Missing([Line with { ActiveRollout = Guid.NewGuid() }]), StringComparison.Ordinal);
    }
}
