namespace RetrainLoop.Web.Layout;

/// <summary>One tab of a <see cref="TabBar"/>: a page with an address of its own.</summary>
/// <param name="Count">Shown as a badge when above 0.</param>
/// <param name="Prefix">Also current on the pages below its address.</param>
public sealed record TabLink(string Title, string Address, int Count = 0, bool Prefix = false);
