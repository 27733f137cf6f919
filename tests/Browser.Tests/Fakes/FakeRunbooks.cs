namespace RetrainLoop.Tests.Browser.Fakes;

static class FakeRunbooks
{
    public static readonly IReadOnlyDictionary<string, string> All = new Dictionary<string, string>
    {
        ["latency-p95"] = """
            # p95 latency is over its budget

            **What it means.** For five whole minutes in a row, one request in twenty took longer than the deployment's latency budget.

            ## Look at these three first

            1. **Which stage grew?** [Stage timings at that time](/deployments/line?range=1h).
               - *queue* grew: more requests arrive than the service can run.
               - *inference* grew: the machine is busy with something else.
            2. **Did something change just before?** A rollout step, a new model version.
            3. **What does the service run on?** `GET /v1/info` of Inference says the provider.

            ## What to do

            - A rollout is running and the candidate is slow: [abort it](/loop).
            - Too many requests: start another Inference replica.

            **When to retrain:** not for this.

            <script>document.title = 'broken'</script>
            """,
        ["error-rate"] = "# Requests are refused or fail\n\nLook at the kinds of errors first.",
        ["detection-drop"] = "# Detections dropped\n\nIs the camera there? Is the scene quiet?",
        ["confidence-shift"] = "# Mean confidence shifted\n\nCompare with the baseline.",
        ["drift-confidence"] = "# Confidence drifts\n\nOpen the drift tab.",
    };
}
