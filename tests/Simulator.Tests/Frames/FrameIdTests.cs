using CsCheck;
using RetrainLoop.Simulator.Frames;
using RetrainLoop.Simulator.Scenes;

namespace RetrainLoop.Tests.Simulator.Frames;

public sealed class FrameIdTests
{
    static readonly Gen<double> Strength = Gen.Int[0, 100].Select(hundredths => hundredths / 100.0);

    public static readonly Gen<FrameId> Ids =
        from camera in Gen.Int[0, LineCamera.All.Count - 1]
        from seed in Gen.Int[0, int.MaxValue]
        from number in Gen.Int[0, int.MaxValue]
        from light in Strength
        from lens in Strength
        from variant in Strength
        select new FrameId(LineCamera.All[camera].Name, seed, number, new Drift(light, lens, variant));

    [Fact]
    public void Parse_OfAnyIdsText_GivesTheId() => Ids.Sample(id => FrameId.Parse(id.ToString()) == id);

    [Fact]
    public void ToString_KnownId_IsTheDocumentedForm() =>
        Assert.Equal("cam-hh-1.s7.000123.l70.c0.v70", new FrameId("cam-hh-1", 7, 123, new Drift(0.7, 0, 0.7)).ToString());

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("0f9c1c0e-req")]
    [InlineData("cam-xx-9.s7.000123.l70.c0.v70")]
    [InlineData("cam-hh-1.s7.123.l70.c0.v70")]
    [InlineData("cam-hh-1.s07.000123.l70.c0.v70")]
    [InlineData("cam-hh-1.s9999999999.000123.l70.c0.v70")]
    [InlineData("cam-hh-1.s7.000123.l101.c0.v70")]
    [InlineData("cam-hh-1.s7.000123.l70.c0.v70\n")]
    [InlineData("cam-hh-1.s7.000123.l70.c0.v70.jpg")]
    public void Parse_ForeignText_GivesNull(string? text) => Assert.Null(FrameId.Parse(text));

    [Fact]
    public void OfFrame_AnyText_NeverThrows() => Gen.String.Sample(text => Truth.OfFrame(text) is null);
}
