using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace RetrainLoop.Web.Charts;

/// <summary>
/// Base of the charts: draws a specification with a module of <c>wwwroot/charts</c> on an element. Each render hands the newest over;
/// what is equal to the last is not sent again.
/// </summary>
public abstract class ChartHost<TSpec> : ComponentBase, IAsyncDisposable where TSpec : class
{
    IJSObjectReference? chart;
    DotNetObjectReference<ChartHost<TSpec>>? listener;
    TSpec? shown;

    [Inject] IJSRuntime Script { get; set; } = null!;

    /// <summary>Where the chart is drawn.</summary>
    protected ElementReference Element { get; set; }

    protected abstract string Module { get; }

    protected abstract TSpec Specify();

    /// <summary>Whether the module may call back: it gets a reference to this component as second argument.</summary>
    protected virtual bool Listens => false;

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        try
        {
            if (firstRender)
            {
                await using var module = await Script.InvokeAsync<IJSObjectReference>("import", Module);
                chart = await module.InvokeAsync<IJSObjectReference>("create", Element, Listens ? listener = DotNetObjectReference.Create(this) : null);
            }
            await ShowAsync();
        }
        catch (JSDisconnectedException)
        {
            // the page is gone
        }
    }

    async Task ShowAsync()
    {
        var spec = Specify();
        if (chart is null || spec.Equals(shown)) return;
        shown = spec;
        await chart.InvokeVoidAsync("show", spec);
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        listener?.Dispose();
        if (chart is null) return;
        try
        {
            await chart.InvokeVoidAsync("dispose");
            await chart.DisposeAsync();
        }
        catch (JSDisconnectedException)
        {
            // the page is gone, and the chart with it
        }
    }
}
