using RetrainLoop.LocalHost.Stack;

namespace RetrainLoop.Tests.LocalHost.Stack;

public sealed class CommandLineTests
{
    [Theory]
    [InlineData("--base-port 9000", "RetrainLoop:BasePort", "9000")]
    [InlineData("--base-port=9000", "RetrainLoop:BasePort", "9000")]
    [InlineData("--bind 0.0.0.0", "RetrainLoop:Bind", "0.0.0.0")]
    [InlineData("--data /somewhere", "RETRAINLOOP_DATA", "/somewhere")]
    [InlineData("--no-demo", "RetrainLoop:Demo", "false")]
    [InlineData("--Monitor:Baseline:Window=00:01:00", "Monitor:Baseline:Window", "00:01:00")]
    public void Parse_Known_BecomesConfiguration(string arguments, string key, string value)
    {
        var parsed = CommandLine.Parse(arguments.Split(' '));
        Assert.Null(parsed.Problem);
        Assert.Equal([KeyValuePair.Create(key, (string?)value)], parsed.Configuration);
    }

    [Theory]
    [InlineData("--base-port", "--base-port needs a value")]
    [InlineData("--base-port many", "'many' is not a port")]
    [InlineData("--base-port 65401", "'65401' is not a port")]
    [InlineData("--base-prot 9000", "'--base-prot' is not understood")]
    [InlineData("--no-demo=yes extra", "'extra' is not understood")]
    public void Parse_Wrong_TellsWhat(string arguments, string problem) =>
        Assert.StartsWith(problem, CommandLine.Parse(arguments.Split(' ')).Problem, StringComparison.Ordinal);

    [Fact]
    public void Parse_Several_KeepsAll() =>
        Assert.Equal(3, CommandLine.Parse(["--base-port", "9000", "--no-demo", "--bind", "0.0.0.0"]).Configuration.Count);
}
