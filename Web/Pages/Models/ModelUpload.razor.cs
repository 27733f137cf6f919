using System.Text.Json;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Forms;
using Microsoft.JSInterop;

namespace RetrainLoop.Web.Pages.Models;

/// <summary>The form of a model upload. The files go by plain HTTP from the browser; this circuit hears of the progress.</summary>
public sealed partial class ModelUpload(IJSRuntime script, AntiforgeryStateProvider antiforgery)
{
    readonly UploadForm form = new();
    ElementReference root;
    IJSObjectReference? upload;
    DotNetObjectReference<ModelUpload>? self;
    UploadPhase phase;
    long sent, total;
    string? reason;
    ModelVersionInfo? registered;

    bool busy => phase is UploadPhase.Sending or UploadPhase.Checking;

    bool opened => phase == UploadPhase.Refused || form.Head is not null || form.ImageSize is not null || form.ClassNames.Length > 0;

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!firstRender) return;
        self = DotNetObjectReference.Create(this);
        await using var module = await script.InvokeAsync<IJSObjectReference>("import", "/uploads/model-upload.js");
        upload = await module.InvokeAsync<IJSObjectReference>("create", root, self);
    }

    async Task StartAsync()
    {
        if (upload is null) return;
        registered = null;
        reason = form.Missing();
        phase = reason is null ? UploadPhase.Sending : UploadPhase.Incomplete;
        (sent, total) = (0, (form.File?.Bytes ?? 0) + (form.Checkpoint?.Bytes ?? 0));
        if (reason is null) await upload.InvokeVoidAsync("start", "/uploads/models", antiforgery.GetAntiforgeryToken()?.Value, form.Name.Trim(), form.Spec());
    }

    Task CancelAsync() => upload?.InvokeVoidAsync("cancel").AsTask() ?? Task.CompletedTask;

    async Task ForgetAsync(string kind)
    {
        form.Choose(kind, null);
        if (upload is not null) await upload.InvokeVoidAsync("forget", kind);
    }

    [JSInvokable]
    public void Chosen(string kind, string name, long bytes)
    {
        form.Choose(kind, new ChosenFile(name, bytes));
        if (!busy) (phase, reason) = (UploadPhase.Idle, null);
        StateHasChanged();
    }

    [JSInvokable]
    public void Progress(long bytes, long all)
    {
        (sent, total) = (bytes, all);
        if (bytes >= all) phase = UploadPhase.Checking;
        StateHasChanged();
    }

    /// <param name="status">HTTP status; 0 = no answer.</param>
    /// <param name="text">The registered version's JSON, or why there is none.</param>
    /// <param name="cancelled">The person ended it.</param>
    /// <param name="whole">All bytes had been sent.</param>
    [JSInvokable]
    public void Done(int status, string text, bool cancelled, bool whole)
    {
        phase = UploadEnd.Of(status, cancelled, whole);
        if (phase is UploadPhase.Registered or UploadPhase.Known) registered = JsonSerializer.Deserialize<ModelVersionInfo>(text, ContractJson.Options);
        else reason = status == 0 && cancelled ? "You cancelled while the model was being checked." : text;
        StateHasChanged();
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            if (upload is not null)
            {
                await upload.InvokeVoidAsync("dispose");
                await upload.DisposeAsync();
            }
        }
        catch (JSDisconnectedException)
        {
            // the page is gone, and the upload with it
        }
        self?.Dispose();
    }
}
