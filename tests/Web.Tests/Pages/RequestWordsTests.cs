using RetrainLoop.Web.Pages.Requests;

namespace RetrainLoop.Tests.Web.Pages;

public sealed class RequestWordsTests
{
    [Theory]
    [InlineData("Sampled: ConfidenceBand.", "Frame kept: unsure detection")]
    [InlineData("Sampled: Random.", "Frame kept: random")]
    [InlineData("Sampled: by a rule of tomorrow.", "Sampled: by a rule of tomorrow.")]
    [InlineData("'tale.jpg' is not an image.", "'tale.jpg' is not an image.")]
    public void Reason_OfAKeptFrame_IsInWords(string written, string shown) => Assert.Equal(shown, RequestWords.Reason(written));

    [Fact]
    public void Outcomes_AreTheKindsOfErrorsAsTheChartsNameThem() =>
        Assert.Equal(["Bad input", "Overloaded", "Timeout", "Failed", "Sampled"], RequestWords.Outcomes.Select(outcome => outcome.Text));

    [Theory]
    [InlineData("badInput", RequestOutcome.BadInput)]
    [InlineData("BadInput", RequestOutcome.BadInput)]
    [InlineData("7", null)]
    [InlineData("nice", null)]
    [InlineData(null, null)]
    public void Parse_Url_IsForgiving(string? outcome, RequestOutcome? parsed) => Assert.Equal(parsed, RequestWords.Parse(outcome));

    [Fact]
    public void File_SeveralImages_NamesTheFirstAndCounts()
    {
        RequestImage named = new("a.jpg", RequestOutcome.Ok, 200, "", null), nameless = named with { File = null };
        Assert.Equal("a.jpg", RequestWords.File([named]));
        Assert.Equal("a.jpg and 2 more", RequestWords.File([nameless, named, nameless]));
        Assert.Null(RequestWords.File([nameless]));
    }
}
