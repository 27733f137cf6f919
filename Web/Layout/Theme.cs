using System.Security.Cryptography;
using System.Text;
using MudBlazor;

namespace RetrainLoop.Web.Layout;

/// <summary>The look of the pages: two sets of <see cref="Tokens"/> on one typography.</summary>
static class Theme
{
    static readonly string[] Fonts =
        ["ui-sans-serif", "system-ui", "-apple-system", "Segoe UI", "Roboto", "Noto Sans", "Liberation Sans", "sans-serif"];

    /// <summary>Served as <c>/theme.css</c>: both themes, chosen by <c>data-theme</c> on the root element.</summary>
    public static string Stylesheet { get; } =
        $":root{{color-scheme:light;{Tokens.Light.ToCss()}}}[data-theme=dark]{{color-scheme:dark;{Tokens.Dark.ToCss()}}}";

    /// <summary>Changes with the content, so that browsers may keep it for ever.</summary>
    public static string Address { get; } = $"/theme.css?v={Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Stylesheet)))[..10]}";

    public static MudTheme Mud { get; } = new()
    {
        PaletteLight = Fill(new PaletteLight(), Tokens.Light),
        PaletteDark = Fill(new PaletteDark(), Tokens.Dark),
        LayoutProperties = new LayoutProperties { DefaultBorderRadius = "4px", AppbarHeight = "48px", DrawerWidthLeft = "208px" },
        Typography = new Typography
        {
            Default = new DefaultTypography { FontFamily = Fonts, FontSize = ".8125rem", LineHeight = "1.45", LetterSpacing = "0" },
            Button = new ButtonTypography { FontSize = ".8125rem", FontWeight = "600", TextTransform = "none", LetterSpacing = "0" },
            Body1 = new Body1Typography { FontSize = ".8125rem", LineHeight = "1.45", LetterSpacing = "0" },
            Body2 = new Body2Typography { FontSize = ".8125rem", LineHeight = "1.45", LetterSpacing = "0" },
        },
    };

    static T Fill<T>(T palette, Tokens tokens) where T : Palette
    {
        palette.Primary = palette.Secondary = palette.Tertiary = palette.Info = tokens.Accent;
        palette.PrimaryContrastText = palette.SecondaryContrastText = palette.TertiaryContrastText = palette.InfoContrastText = tokens.OnAccent;
        (palette.Success, palette.Warning, palette.Error) = (tokens.Good, tokens.Warn, tokens.Bad);
        palette.SuccessContrastText = palette.WarningContrastText = palette.ErrorContrastText = tokens.Surface;
        (palette.Background, palette.BackgroundGray, palette.Surface) = (tokens.Ground, tokens.Raised, tokens.Surface);
        palette.AppbarBackground = palette.DrawerBackground = tokens.Surface;
        palette.AppbarText = palette.DrawerText = palette.TextPrimary = palette.Dark = tokens.Ink;
        palette.DrawerIcon = palette.TextSecondary = palette.ActionDefault = tokens.InkMuted;
        palette.TextDisabled = palette.ActionDisabled = tokens.InkMuted;
        palette.Divider = palette.DividerLight = palette.LinesDefault = palette.LinesInputs = palette.TableLines = tokens.Line;
        palette.TableHover = palette.TableStriped = palette.ActionDisabledBackground = palette.Skeleton = tokens.Raised;
        return palette;
    }
}
