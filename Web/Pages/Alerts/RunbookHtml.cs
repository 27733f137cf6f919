using Markdig;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;
using Microsoft.AspNetCore.Components;

namespace RetrainLoop.Web.Pages.Alerts;

/// <summary>Turns a runbook's Markdown into HTML that can stand in a page: no HTML of its own, no links that run scripts. Pure.</summary>
static class RunbookHtml
{
    static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder().UsePipeTables().UseAutoLinks().DisableHtml().Build();

    /// <summary>Stands behind the text of a link that has no deployment or time to lead to.</summary>
    public const string Unfilled = " (a link once a deployment is chosen)";

    /// <summary>The title, which the page shows itself, and the rest with its headings one level lower.</summary>
    public static (string Title, MarkupString Body) Render(string markdown)
    {
        var document = Markdown.Parse(markdown, Pipeline);
        var title = document.OfType<HeadingBlock>().FirstOrDefault(heading => heading.Level == 1);
        var text = title?.Inline is { } inline ? string.Concat(inline.Descendants<LiteralInline>()) : "";
        if (title is not null) document.Remove(title);
        foreach (var heading in document.Descendants<HeadingBlock>()) heading.Level = Math.Min(6, heading.Level + 1);
        foreach (var link in document.Descendants<LinkInline>().Where(link => IsUnfilled(link.Url)).ToList()) Unlink(link);
        foreach (var link in document.Descendants<LinkInline>())
            if (!IsHarmless(link.Url)) link.Url = "";
        foreach (var link in document.Descendants<AutolinkInline>())
            if (!link.IsEmail && !IsHarmless(link.Url)) link.Url = "";
        return (text, new MarkupString(document.ToHtml(Pipeline)));
    }

    // It would lead to a deployment named "{deployment}".
    static bool IsUnfilled(string? address) =>
        address is not null && (address.Contains('{', StringComparison.Ordinal) || address.Contains("%7B", StringComparison.OrdinalIgnoreCase));

    static void Unlink(LinkInline link)
    {
        var text = new ContainerInline();
        link.ReplaceBy(text);
        text.AppendChild(new LiteralInline(Unfilled));
    }

    static bool IsHarmless(string? address) =>
        Uri.TryCreate(address, UriKind.RelativeOrAbsolute, out var uri) && (!uri.IsAbsoluteUri || uri.Scheme is "http" or "https" or "mailto" || address!.StartsWith('/'));
}
