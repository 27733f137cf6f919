namespace RetrainLoop.Web.Layout;

/// <summary>
/// The colours of one theme, named by what they are for. The one source of both MudBlazor's palette and the custom properties that style
/// sheets and charts read (<c>--ink</c>, <c>--accent</c> …).
/// </summary>
/// <param name="Ground">Behind everything.</param>
/// <param name="Surface">Cards, bars, tables.</param>
/// <param name="Raised">Inputs, hovered rows, the track of a gauge.</param>
/// <param name="Line">Hairlines between and around surfaces.</param>
/// <param name="Ink">Text and figures.</param>
/// <param name="InkMuted">Labels, units, axes; at least 4.5 : 1 on Surface and Ground.</param>
/// <param name="Accent">What can be acted on, and the main series of a chart.</param>
/// <param name="OnAccent">Text on Accent.</param>
/// <param name="Good">Passed, healthy, done.</param>
/// <param name="Warn">Watch, pending, waits for a person.</param>
/// <param name="Bad">Failed, firing, away.</param>
/// <param name="Second">Second series of a chart.</param>
/// <param name="Third">Third series of a chart.</param>
/// <param name="Fourth">Fourth series of a chart; the others follow.</param>
/// <param name="Land">Continents of the map.</param>
public sealed record Tokens(
    string Ground, string Surface, string Raised, string Line, string Ink, string InkMuted, string Accent, string OnAccent,
    string Good, string Warn, string Bad, string Second, string Third, string Fourth, string Fifth, string Sixth, string Seventh, string Eighth,
    string Land)
{
    public static Tokens Light { get; } = new(
        Ground: "#eef0ed", Surface: "#fbfcfa", Raised: "#e5e9e5", Line: "#d3d9d4", Ink: "#18211f", InkMuted: "#55625e",
        Accent: "#0b6a66", OnAccent: "#ffffff", Good: "#24713f", Warn: "#8f5a00", Bad: "#b3321a",
        Second: "#b06a00", Third: "#5a5fb0", Fourth: "#a3417c", Fifth: "#5d7f1c", Sixth: "#2478a8", Seventh: "#8d6349", Eighth: "#6b7773",
        Land: "#d5dbd6");

    public static Tokens Dark { get; } = new(
        Ground: "#0f1514", Surface: "#161e1c", Raised: "#202a28", Line: "#2b3735", Ink: "#e2e9e6", InkMuted: "#93a29e",
        Accent: "#54c3b7", OnAccent: "#06201d", Good: "#6bc48b", Warn: "#e5a947", Bad: "#f1775c",
        Second: "#e0a04a", Third: "#9ea4ee", Fourth: "#e48fc0", Fifth: "#abc763", Sixth: "#74bde8", Seventh: "#c9a084", Eighth: "#a9b4b0",
        Land: "#28332f");

    /// <summary>The tokens as custom properties.</summary>
    public string ToCss() =>
        $"--ground:{Ground};--surface:{Surface};--raised:{Raised};--line:{Line};--ink:{Ink};--ink-muted:{InkMuted};--accent:{Accent};--on-accent:{OnAccent};" +
        $"--good:{Good};--warn:{Warn};--bad:{Bad};--second:{Second};--third:{Third};--fourth:{Fourth};--fifth:{Fifth};--sixth:{Sixth};--seventh:{Seventh};--eighth:{Eighth};" +
        $"--land:{Land};";
}
