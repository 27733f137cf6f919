namespace RetrainLoop.Tests.Simulator;

/// <summary>The simulator in this process, talking to services at given addresses.</summary>
public static class SimulatorUnderTest
{
    public const string ApiKey = "key-of-the-tests", Nowhere = "http://127.0.0.1:9";

    public static ServiceUnderTest<Program> Create(string inference = Nowhere, string labeling = Nowhere, params (string Key, string Value)[] more)
    {
        var settings = new Dictionary<string, string>
        {
            ["Security:ServiceToken"] = ServiceUnderTest<Program>.ServiceToken,
            ["Simulator:ApiKey"] = ApiKey,
            ["services:inference:http:0"] = inference,
            ["services:labeling:http:0"] = labeling,
            ["Simulator:Setup:RetryDelay"] = "00:00:00.05",
            ["Simulator:Oracle:IdleDelay"] = "00:00:00.02",
            ["Simulator:Oracle:TroubleDelay"] = "00:00:00.05",
        };
        foreach (var (key, value) in more) settings[key] = value;
        return new ServiceUnderTest<Program>(settings);
    }

    public static DeploymentInfo Deployment(string name) => new(
        name, new ModelRef("line", 1), null, null, 0, false, ["washer", "nut", "bolt", "gear"], 200, "Europe/Berlin", 0.25, [],
        new SamplingPolicy(), null, 1, DateTimeOffset.UnixEpoch);
}
