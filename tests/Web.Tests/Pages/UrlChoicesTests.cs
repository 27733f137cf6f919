using RetrainLoop.Web.Pages;

namespace RetrainLoop.Tests.Web.Pages;

public sealed class UrlChoicesTests
{
    readonly UrlChoices<string> choices = new();

    [Fact]
    public void Arrive_UrlOfAnOvertakenChoice_KeepsTheLastChoice()
    {
        choices.Arrive("hour");
        choices.Choose("week");
        choices.Choose("week by region");
        choices.Arrive("week");
        Assert.Equal("week by region", choices.Current);
        choices.Arrive("week by region");
        choices.Arrive("week by region"); // drawn again
        Assert.Equal("week by region", choices.Current);
    }

    [Fact]
    public void Arrive_PersonWentBack_ShowsWhatTheUrlSays()
    {
        choices.Arrive("hour");
        choices.Choose("week");
        choices.Arrive("week");
        choices.Arrive("hour");
        Assert.Equal("hour", choices.Current);
        choices.Choose("day");
        choices.Arrive("year"); // elsewhere, before the choice got there
        Assert.Equal("year", choices.Current);
    }
}
