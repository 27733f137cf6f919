using Npgsql;
using RetrainLoop.Inference.Deployments;
using RetrainLoop.Inference.Execution;
using RetrainLoop.Inference.Models;
using RetrainLoop.ServiceDefaults.Changes;

namespace RetrainLoop.Inference.Rollouts;

/// <summary>A rollout, or the refusal of what was asked of it.</summary>
sealed record RolloutAnswer(RolloutInfo? Rollout, int Status = StatusCodes.Status200OK, string Refusal = "", TimeSpan? RetryAfter = null);

/// <summary>
/// Makes decisions of <see cref="RolloutStateMachine"/> true: the rollout, the deployment's candidate and weight, the history and both changes in one
/// transaction; then in this replica before the answer is given.
/// </summary>
sealed class RolloutControl(NpgsqlDataSource database, DeploymentDirectory directory, LoadedModels models, ChangeNudge nudge, TimeProvider time)
{
    public async Task<RolloutAnswer> StartAsync(
        RolloutRequest request, IReadOnlyList<RolloutStep> steps, string actor, CancellationToken cancellationToken)
    {
        LoadedModel candidate;
        try
        {
            candidate = await models.AcquireAsync(request.Candidate, cancellationToken); // what does not run here gets no traffic
        }
        catch (UnservableModelException exception)
        {
            return new RolloutAnswer(null, StatusCodes.Status422UnprocessableEntity, exception.Message);
        }
        try
        {
            return await InTransactionAsync(request.Deployment, async (connection, transaction, deployment) =>
            {
                if (await RolloutSql.FindByKeyAsync(connection, transaction, request.Key, cancellationToken) is { } known)
                    return (new RolloutAnswer(known), deployment);
                if (deployment is null)
                    return (new RolloutAnswer(null, StatusCodes.Status404NotFound, DeploymentsApi.NoDeployment(request.Deployment)), null);
                if (deployment.ActiveRollout is { } active)
                    return (Conflict($"The rollout {active} of {deployment.Name} is under way: one at a time."), deployment);
                if (deployment.Champion == request.Candidate)
                    return (Conflict($"{request.Candidate} is the champion of {deployment.Name} already."), deployment);
                return await BeginAsync(connection, transaction, deployment, request, steps, actor, cancellationToken);
            }, cancellationToken);
        }
        finally
        {
            candidate.Release();
        }
    }

    public async Task<RolloutAnswer> ApplyAsync(Guid id, RolloutEvent happened, string reason, string actor, CancellationToken cancellationToken)
    {
        RolloutInfo? rollout;
        await using (var reading = await database.OpenConnectionAsync(cancellationToken))
            rollout = await RolloutSql.FindAsync(reading, null, id, cancellationToken);
        if (rollout is null) return new RolloutAnswer(null, StatusCodes.Status404NotFound, $"There is no rollout {id}.");
        return await InTransactionAsync(rollout.Deployment, async (connection, transaction, deployment) =>
        {
            var current = (await RolloutSql.FindAsync(connection, transaction, id, cancellationToken))!;
            var status = new RolloutStatus(current.State, current.Step, current.StepStartedAt);
            var now = time.GetUtcNow();
            var decision = RolloutStateMachine.Decide(status, current.Steps, happened, now);
            if (decision.Next is not { } next) return (Conflict(decision.Refusal, decision.RetryAfter), deployment);
            if (next == status) return (new RolloutAnswer(current), deployment);
            return await MoveAsync(connection, transaction, deployment!, current, status, next, reason, actor, now, cancellationToken);
        }, cancellationToken);
    }

    async Task<(RolloutAnswer, DeploymentInfo?)> BeginAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, DeploymentInfo deployment, RolloutRequest request,
        IReadOnlyList<RolloutStep> steps, string actor,
        CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var status = RolloutStateMachine.Start(now);
        var rollout = new RolloutInfo(
            Guid.CreateVersion7(now), request.Key, deployment.Name, request.Candidate, deployment.Champion, status.State, status.Step, steps, now,
            request.LoopRun, [], now, null);
        await RolloutSql.SaveAsync(connection, transaction, rollout, cancellationToken);
        var changed = deployment with { Candidate = request.Candidate, CandidateWeight = RolloutStateMachine.Weight(status, steps),
            ActiveRollout = rollout.Id };
        return await FinishAsync(connection, transaction, deployment, changed, rollout,
            new RolloutTransition("none", RolloutStateMachine.Describe(status, steps), "Started.", actor, now), cancellationToken);
    }

    async Task<(RolloutAnswer, DeploymentInfo?)> MoveAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, DeploymentInfo deployment, RolloutInfo rollout, RolloutStatus from,
        RolloutStatus to,
        string reason, string actor, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var moved = rollout with { State = to.State, Step = to.Step, StepStartedAt = to.StepStartedAt,
            FinishedAt = RolloutStateMachine.IsFinished(to) ? now : null };
        await RolloutSql.SaveAsync(connection, transaction, moved, cancellationToken);
        var changed = to.State switch
        {
            RolloutState.Succeeded => deployment with
            {
                Champion = rollout.Candidate, Previous = deployment.Champion, Candidate = null, CandidateWeight = 0, ActiveRollout = null,
                ClassNames = (await ModelSql.FindAsync(database, rollout.Candidate, cancellationToken))!.ClassNames,
            },
            RolloutState.Aborted => deployment with { Candidate = null, CandidateWeight = 0, ActiveRollout = null },
            _ => deployment with { CandidateWeight = RolloutStateMachine.Weight(to, rollout.Steps) },
        };
        return await FinishAsync(connection, transaction, deployment, changed, moved,
            new RolloutTransition(RolloutStateMachine.Describe(from, rollout.Steps), RolloutStateMachine.Describe(to, rollout.Steps), reason, actor,
            now),
            cancellationToken);
    }

    static async Task<(RolloutAnswer, DeploymentInfo?)> FinishAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, DeploymentInfo before, DeploymentInfo after, RolloutInfo rollout,
        RolloutTransition transition,
        CancellationToken cancellationToken)
    {
        await RolloutSql.AddTransitionAsync(connection, transaction, rollout.Id, transition, cancellationToken);
        var complete = rollout with { Transitions = [.. rollout.Transitions, transition] };
        await ChangeFeed.AppendAsync(connection, transaction, ChangeKinds.RolloutChanged, rollout.Id.ToString(), complete, transition.At,
            cancellationToken);
        var saved = await DeploymentSql.SaveAsync(
            connection, transaction, before, after, transition.Reason, transition.Actor, transition.At, cancellationToken);
        return (new RolloutAnswer(complete), saved);
    }

    async Task<RolloutAnswer> InTransactionAsync(
        string deployment, Func<NpgsqlConnection, NpgsqlTransaction, DeploymentInfo?, Task<(RolloutAnswer, DeploymentInfo?)>> work,
        CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var before = await DeploymentSql.LockAsync(connection, transaction, deployment, cancellationToken);
        var (answer, after) = await work(connection, transaction, before);
        if (after is null || after == before) return answer;
        await transaction.CommitAsync(cancellationToken);
        nudge.Changed();
        await directory.ApplyAsync(after, cancellationToken);
        return answer;
    }

    static RolloutAnswer Conflict(string why, TimeSpan? retryAfter = null) => new(null, StatusCodes.Status409Conflict, why, retryAfter);
}
