namespace RetrainLoop.Tests.Loop.Stack;

/// <summary>Follows the ids that tie a pass together, from the drift to the baseline and from the baseline back to the drift.</summary>
static class Lineage
{
    public static async Task AssertBothWaysAsync(RunningStack stack, LoopRunView run, DriftReport drift)
    {
        var pass = run.Id.ToString();
        var candidate = run.Lineage.Candidate!;

        // Forward: what the pass names exists and names what came before it.
        var training = (await stack.GetAsync<TrainingRunInfo>("training", $"/v1/runs/{run.Lineage.TrainingRun}"))!;
        var model = (await stack.GetAsync<ModelVersionInfo>("inference", $"/v1/models/{candidate.Name}/versions/{candidate.Version}"))!;
        var rollout = (await stack.GetAsync<RolloutInfo>("inference", $"/v1/rollouts/{run.Lineage.Rollout}"))!;
        Assert.Equal(run.Lineage.Training!.Ref, training.Dataset);
        Assert.Equal(drift.Model, training.Base);
        Assert.Equal(0.001, training.Hyperparameters.Lr0);
        Assert.Equal((training.Id, run.Lineage.Training.Ref, drift.Model), (model.Lineage.TrainingRun!.Value, model.Lineage.Dataset!, model.Lineage.Base!));
        Assert.Equal((candidate, drift.Model, RolloutState.Succeeded), (rollout.Candidate, rollout.Champion, rollout.State));
        Assert.Equal([0, 0.05, 0.25, 0.5, 1], rollout.Steps.Select(step => step.Weight));

        // Backward: from the baseline that is locked now to the pass, and through the pass to the drift.
        var baseline = (await stack.GetAsync<List<BaselineInfo>>("monitor", "/v1/deployments/line/baselines"))!.Single(entry => entry.State == BaselineState.Locked);
        var deployment = (await stack.GetAsync<DeploymentInfo>("inference", "/v1/deployments/line"))!;
        Assert.Equal((run.Lineage.Baseline!.Value, candidate, pass), (baseline.Id, baseline.Model, baseline.LoopRun!));
        Assert.Equal((candidate, drift.Model), (deployment.Champion, deployment.Previous!));
        Assert.Equal([pass, pass, pass, pass], [model.Lineage.LoopRun!, training.LoopRun!, rollout.LoopRun!, run.Lineage.Training.LoopRun!]);
        Assert.True(drift.To >= run.Lineage.Since);

        // What a holdout or recent holds, no training set holds.
        var trained = await KeysAsync(stack, run.Lineage.Training);
        Assert.Empty(trained.Intersect(await KeysAsync(stack, run.Lineage.Recent!)));
        Assert.Empty(trained.Intersect(await KeysAsync(stack, run.Lineage.GrownHoldout!)));
    }

    static async Task<List<string>> KeysAsync(RunningStack stack, DatasetVersionInfo dataset) =>
        [.. (await stack.GetAsync<ImageManifest>("labeling", $"/v1/datasets/{dataset.Name}/versions/{dataset.Version}/manifest"))!.Images.Select(image => image.Image.Sha256)];
}
