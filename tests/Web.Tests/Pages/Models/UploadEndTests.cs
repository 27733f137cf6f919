using RetrainLoop.Web.Pages.Models;

namespace RetrainLoop.Tests.Web.Pages.Models;

public sealed class UploadEndTests
{
    [Theory]
    [InlineData(201, false, true, UploadPhase.Registered)]
    [InlineData(200, false, true, UploadPhase.Known)]
    [InlineData(422, false, true, UploadPhase.Refused)]
    [InlineData(413, false, false, UploadPhase.Refused)]
    [InlineData(0, true, false, UploadPhase.Cancelled)]
    [InlineData(0, false, false, UploadPhase.CutOff)]
    [InlineData(503, false, false, UploadPhase.CutOff)]
    [InlineData(0, true, true, UploadPhase.Unsure)]
    [InlineData(0, false, true, UploadPhase.Unsure)]
    [InlineData(503, false, true, UploadPhase.Unsure)]
    public void Of_Answer_ClaimsOnlyWhatIsKnown(int status, bool cancelled, bool whole, UploadPhase phase) => Assert.Equal(phase, UploadEnd.Of(status, cancelled, whole));
}
