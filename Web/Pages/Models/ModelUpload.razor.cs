using System.Text.Json;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Forms;
using Microsoft.JSInterop;

namespace RetrainLoop.Web.Pages.Models;

/// <summary>Where an upload stands. Checking = all bytes are sent, and Inference reads the model and warms it up.</summary>
public enum UploadPhase { Idle, Sending, Checking, Refused, Registered }

/// <summary>The form of a model upload. The files go by plain HTTP from the browser; this circuit hears of the progress.</summary>
public sealed partial class ModelUpload(IJSRuntime script, AntiforgeryStateProvider antiforgery)
{
    readonly UploadForm form = new();
    ElementReference root;
    IJSObjectReference? upload;
    DotNetObjectReference<ModelUpload>? self;
    UploadPhase phase;
    long sent, total;
    string? refusal;
    ModelVersionInfo? registered;

    bool busy => phase is UploadPhase.Sending or UploadPhase.Checking;

    bool opened => phase == UploadPhase.Refused || form.Spec() is not null;

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
        refusal = form.Missing();
        phase = refusal is null ? UploadPhase.Sending : UploadPhase.Refused;
        (sent, total) = (0, (form.File?.Bytes ?? 0) + (form.Checkpoint?.Bytes ?? 0));
        if (refusal is null) await upload.InvokeVoidAsync("start", "/uploads/models", antiforgery.GetAntiforgeryToken()?.Value, form.Name.Trim(), form.Spec());
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
        if (!busy) (phase, refusal) = (UploadPhase.Idle, null);
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
    /// <param name="text">The registered version's JSON, or why it was refused.</param>
    [JSInvokable]
    public void Done(int status, string text)
    {
        if (status is 200 or 201)
        {
            registered = JsonSerializer.Deserialize<ModelVersionInfo>(text, ContractJson.Options);
            phase = UploadPhase.Registered;
        }
        else
        {
            refusal = text;
            phase = UploadPhase.Refused;
        }
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
