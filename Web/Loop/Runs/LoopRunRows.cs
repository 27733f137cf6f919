using System.Text.Json;
using RetrainLoop.Web.Loop.Policies;

namespace RetrainLoop.Web.Loop.Runs;

/// <summary>How a pass lies in its table.</summary>
static class LoopRunRows
{
    public const string Select = """
        select id as Id, deployment as Deployment, stage as Stage, stage_since as StageSince, attempt as Attempt, asked_in as AskedIn, on_accept as OnAccept,
            question as Question, reason as Reason, started_by as StartedBy, policy as Policy, lineage as Lineage, progress as Progress, hold as Hold,
            created_at as CreatedAt, finished_at as FinishedAt, closed as Closed
        from loop_runs
        """;

    public const string Insert = """
        insert into loop_runs (
            id, deployment, stage, stage_since, attempt, asked_in, on_accept, question, reason, started_by, trigger_key, policy, lineage, created_at)
        values (
            @Id, @Deployment, @Stage, @StageSince, @Attempt, @AskedIn, @OnAccept, @Question, @Reason, @StartedBy, @TriggerKey, @Policy::jsonb,
            @Lineage::jsonb, @CreatedAt)
        on conflict do nothing
        """;

    public const string Update = """
        update loop_runs set stage = @Stage, stage_since = @StageSince, attempt = @Attempt, asked_in = @AskedIn, on_accept = @OnAccept, question = @Question,
            lineage = @Lineage::jsonb, progress = @Progress::jsonb, hold = @Hold::jsonb, finished_at = @FinishedAt, closed = @Closed
        where id = @Id
        """;

    public static object Parameters(LoopRun run, string? triggerKey) => new
    {
        run.Id, run.Deployment, Stage = run.State.Stage.ToString(), StageSince = run.State.Since.UtcDateTime, run.State.Attempt,
        AskedIn = run.State.AskedIn?.ToString(), OnAccept = run.State.OnAccept?.ToString(), run.State.Question, run.Reason, run.StartedBy,
        TriggerKey = triggerKey, Policy = Json(run.Policy), Lineage = Json(run.Lineage), Progress = Json(run.Progress), Hold = Json(run.Hold),
        CreatedAt = run.CreatedAt.UtcDateTime, FinishedAt = run.FinishedAt?.UtcDateTime, run.Closed,
    };

    static string? Json<T>(T? value) where T : class => value is null ? null : JsonSerializer.Serialize(value, ContractJson.Options);

    static T Read<T>(string json) =>
        JsonSerializer.Deserialize<T>(json, ContractJson.Options) ?? throw new JsonException($"A stored {typeof(T).Name} is null.");

    public sealed record Row(
        Guid Id, string Deployment, string Stage, DateTime StageSince, int Attempt, string? AskedIn, string? OnAccept, string? Question,
        string Reason, string StartedBy, string Policy, string Lineage, string? Progress, string? Hold, DateTime CreatedAt, DateTime? FinishedAt, bool Closed)
    {
        public LoopRun ToRun() => new(
            Id, Deployment, new LoopRunState(Enum.Parse<LoopRunStage>(Stage), StageSince, Attempt, ParseStage(AskedIn), ParseStage(OnAccept), Question),
            Reason, StartedBy, Read<RetrainPolicy>(Policy), Read<LoopRunLineage>(Lineage),
            Progress is null ? null : Read<LoopRunProgress>(Progress), Hold is null ? null : Read<LoopRunHold>(Hold), CreatedAt, FinishedAt, Closed);
    }

    public sealed record Transition(string? FromStage, string ToStage, string Reason, string Actor, DateTime At)
    {
        public LoopRunTransition ToTransition() => new(ParseStage(FromStage), Enum.Parse<LoopRunStage>(ToStage), Reason, Actor, At);
    }

    static LoopRunStage? ParseStage(string? stage) => stage is null ? null : Enum.Parse<LoopRunStage>(stage);
}
