using RetrainLoop.LocalHost.Postgres;
using RetrainLoop.LocalHost.Stack;

namespace RetrainLoop.Tests.LocalHost.Postgres;

public sealed class PostgresBinariesTests
{
    [Theory]
    [InlineData("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)", 15)]
    [InlineData("postgres (PostgreSQL) 17beta1", 17)]
    [InlineData("bash: postgres: cannot execute", null)]
    public void MajorOf_Version_IsItsFirstNumber(string version, int? major) => Assert.Equal(major, PostgresBinaries.MajorOf(version));

    [Fact]
    public async Task FindAsync_DataOfAMissingVersion_NamesBoth()
    {
        var installed = await PostgresBinaries.FindAsync(null, null, TestContext.Current.CancellationToken);
        var problem = await Assert.ThrowsAsync<LocalRunException>(() => PostgresBinaries.FindAsync(null, 9, TestContext.Current.CancellationToken));
        Assert.Contains("made by PostgreSQL 9, which is not installed", problem.Message, StringComparison.Ordinal);
        Assert.Contains($"{installed.Major}", problem.Message, StringComparison.Ordinal);
    }
}
