using RetrainLoop.Inference.Models;

namespace RetrainLoop.Tests.Inference.Models;

public sealed class PythonLiteralTests
{
    [Theory]
    [InlineData("{0: 'person', 1: 'hot dog'}", "person|hot dog")]
    [InlineData("{1: \"driver's cab\", 0: 'it\\'s'}", "it's|driver's cab")]
    [InlineData("['a', 'b',]", "a|b")]
    [InlineData("{\"0\": \"washer\", \"1\": \"nut\"}", "washer|nut")]
    public void Names_ExporterText_IsRead(string text, string expected) => Assert.Equal(expected.Split('|'), PythonLiteral.Names(text));

    [Theory]
    [InlineData("")]
    [InlineData("80")]
    [InlineData("{0: 'a'")]
    [InlineData("{0: 'a', 0: 'b'}")]
    [InlineData("{'x': 'a'}")]
    [InlineData("['a'] + ['b']")]
    [InlineData("['a")]
    public void Names_OtherText_IsNull(string text) => Assert.Null(PythonLiteral.Names(text));

    [Fact]
    public void Integers_ListOrNumber_AreRead()
    {
        Assert.Equal([640, 480], PythonLiteral.Integers("[640, 480]"));
        Assert.Equal([320], PythonLiteral.Integers("320"));
        Assert.Empty(PythonLiteral.Integers("auto"));
    }
}
