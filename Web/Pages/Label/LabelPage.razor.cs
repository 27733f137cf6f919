using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;

namespace RetrainLoop.Web.Pages.Label;

public sealed partial class LabelPage
{
    static readonly TimeSpan SavePause = TimeSpan.FromMilliseconds(600);
    EditorState state = EditorState.Empty;
    LabelEditor? editor;
    string actor = "";
    bool asked, busy, shortcuts, skipping, pictureFailed;
    int changes;

    [CascadingParameter] Task<AuthenticationState> SignedIn { get; set; } = null!;
    /// <summary>Only frames of this deployment.</summary>
    [SupplyParameterFromQuery] string? Deployment { get; set; }
    /// <summary>The frame in work, so that a reloaded page takes it up again.</summary>
    [SupplyParameterFromQuery] Guid? Task { get; set; }

    protected override async Task OnInitializedAsync() => actor = (await SignedIn).User.Identity?.Name ?? "unknown";

    // Not while the page is only prerendered: that would claim a frame for nobody.
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender) await NextAsync();
    }

    protected override async Task ReadAsync()
    {
        if (!asked || busy) return;
        if (Session.Draft == DraftState.Failed && !Session.Lost) await SaveAsync();
        await Session.TickAsync(Deployment, actor, Closed);
        if (Session.Task is null && Session.Queue is { Waiting: > 0 }) await NextAsync();
    }

    async Task NextAsync()
    {
        pictureFailed = false;
        await Session.ClaimAsync(asked ? null : Task ?? Session.Task?.Id, Deployment, actor, Closed);
        state = Session.Task is { } frame ? EditorState.Empty with { Frame = frame.Id, Boxes = StartingBoxes.Of(frame) } : EditorState.Empty;
        asked = true;
        Navigation.NavigateTo(Navigation.GetUriWithQueryParameter("task", Session.Task?.Id), replace: true);
        StateHasChanged();
    }

    async Task TakeAsync(EditorState reported)
    {
        if (reported.Frame != state.Frame) return;
        var same = state.Boxes.SequenceEqual(reported.Boxes);
        state = reported;
        if (same || Session.Lost) return;
        Session.MarkUnsaved();
        var change = ++changes;
        StateHasChanged();
        await System.Threading.Tasks.Task.Delay(SavePause, Time, Closed);
        if (change == changes && !busy) await SaveAsync();
    }

    Task SaveAsync() => Session.SaveDraftAsync(state.ToLabels(), actor, Closed);

    Task SubmitAsync() => FinishAsync(async () =>
    {
        // Only what the person saw is submitted.
        if (editor is null || await editor.ReadAsync() is not { } newest || newest.Frame != state.Frame) return false;
        state = newest;
        return await Session.SubmitAsync(state.ToLabels(), actor, Closed);
    });

    Task SkipAsync(string reason) => FinishAsync(() => Session.SkipAsync(reason, actor, Closed));

    // One finish at a time: a second Enter must not submit the next frame unseen.
    async Task FinishAsync(Func<Task<bool>> finish)
    {
        if (busy || Session.Lost) return;
        busy = true;
        changes++;
        StateHasChanged();
        if (await finish()) await NextAsync();
        busy = false;
    }

    async Task DoAsync(string command, params object?[] arguments)
    {
        if (editor is not null) await editor.DoAsync(command, arguments);
    }
}
