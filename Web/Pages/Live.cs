using Microsoft.AspNetCore.Components;
using Npgsql;

namespace RetrainLoop.Web.Pages;

/// <summary>Base of pages that follow what happens: asks again every two seconds while they are open, never twice at a time.</summary>
public abstract class Live : ComponentBase, IDisposable
{
    static readonly TimeSpan Pace = TimeSpan.FromSeconds(2);
    readonly CancellationTokenSource closed = new();

    protected Live() => Closed = closed.Token;

    [Inject] protected TimeProvider Time { get; set; } = null!;

    /// <summary>Cancelled when the page is left.</summary>
    protected CancellationToken Closed { get; }

    /// <summary>Reads what the page shows.</summary>
    protected abstract Task ReadAsync();

    protected override Task OnParametersSetAsync() => TryReadAsync();

    protected override void OnAfterRender(bool firstRender)
    {
        if (firstRender) _ = FollowAsync();
    }

    async Task FollowAsync()
    {
        try
        {
            using var timer = new PeriodicTimer(Pace, Time);
            while (await timer.WaitForNextTickAsync(Closed)) await InvokeAsync(RefreshAsync);
        }
        catch (OperationCanceledException)
        {
            // left
        }
        catch (Exception exception)
        {
            await DispatchExceptionAsync(exception);
        }
    }

    async Task RefreshAsync()
    {
        await TryReadAsync();
        if (!Closed.IsCancellationRequested) StateHasChanged();
    }

    async Task TryReadAsync()
    {
        try
        {
            await ReadAsync();
        }
        catch (Exception exception) when (exception is NpgsqlException or TimeoutException)
        {
            // The banner says that the database is away; the page keeps what it shows and asks again.
        }
    }

    public void Dispose()
    {
        closed.Cancel();
        closed.Dispose();
        GC.SuppressFinalize(this);
    }
}
