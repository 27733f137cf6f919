using Microsoft.Extensions.Configuration;

var builder = DistributedApplication.CreateBuilder(args);

#if ASPIRE_PACKAGES
builder.AddDockerComposeEnvironment("compose");
builder.AddKubernetesEnvironment("kubernetes");
#endif

var basePort = builder.Configuration.GetValue("RetrainLoop:BasePort", 8080);
var replicas = builder.Configuration.GetValue("RetrainLoop:InferenceReplicas", 1);
var demo = builder.Configuration.GetValue("RetrainLoop:Demo", true);

// Keys: one for the people's scripts, one between the services.
var adminKey = builder.AddParameter("admin-api-key", secret: true);
var serviceToken = builder.AddParameter("service-token", secret: true);

// Stores: a database per service for what must last, Redis for what may be lost.
var postgres = builder.AddPostgres("postgres", port: basePort + 10).WithDataVolume();
var inferenceDb = postgres.AddDatabase("inferencedb");
var monitorDb = postgres.AddDatabase("monitordb");
var labelingDb = postgres.AddDatabase("labelingdb");
var trainingDb = postgres.AddDatabase("trainingdb");
var webDb = postgres.AddDatabase("webdb");
var redis = builder.AddRedis("redis", port: basePort + 11).WithDataVolume();

// Where programs reach Inference: in its snippets, and in what Web shows before there is a deployment.
var publicUrl = builder.Configuration["Predict:PublicUrl"] ?? $"http://localhost:{basePort + 1}";

// Frames become detections and telemetry.
var inference = builder.AddProject<Projects.Inference>("inference")
    .WithHttpEndpoint(port: basePort + 1)
    .WithExternalHttpEndpoints()
    .WithHttpHealthCheck("/health")
    .WithReplicas(replicas)
    .WithEnvironment("Security__ServiceToken", serviceToken)
    .WithEnvironment("Predict__PublicUrl", publicUrl)
    .WithReference(inferenceDb).WaitFor(inferenceDb)
    .WithReference(redis).WaitFor(redis);

// Telemetry becomes alerts, drift and the diagnosis.
var monitor = builder.AddProject<Projects.Monitor>("monitor")
    .WithHttpEndpoint(port: basePort + 2)
    .WithHttpHealthCheck("/health")
    .WithEnvironment("Security__ServiceToken", serviceToken)
    .WithEnvironment("Monitor__Notifications__WebUrl", builder.Configuration["Monitor:Notifications:WebUrl"] ?? $"http://localhost:{basePort}")
    .WithReference(monitorDb).WaitFor(monitorDb)
    .WithReference(redis).WaitFor(redis);

// Sampled frames become ranked tasks, annotations and dataset versions.
var labeling = builder.AddProject<Projects.Labeling>("labeling")
    .WithHttpEndpoint(port: basePort + 3)
    .WithHttpHealthCheck("/health")
    .WithEnvironment("Security__ServiceToken", serviceToken)
    .WithReference(labelingDb).WaitFor(labelingDb)
    .WithReference(redis).WaitFor(redis);

// A dataset version becomes a candidate.
var training = builder.AddProject<Projects.Training>("training")
    .WithHttpEndpoint(port: basePort + 4)
    .WithHttpHealthCheck("/health")
    .WithEnvironment("Security__ServiceToken", serviceToken)
    .WithReference(trainingDb).WaitFor(trainingDb)
    .WithReference(redis).WaitFor(redis);

// Web turns the loop. It must not wait for the services: they are healthy only once it has published the keys to them.
var web = builder.AddProject<Projects.Web>("web")
    .WithHttpEndpoint(port: basePort)
    .WithExternalHttpEndpoints()
    .WithHttpHealthCheck("/health")
    .WithEnvironment("Security__ServiceToken", serviceToken)
    .WithEnvironment("Security__AdminKey", adminKey)
    .WithEnvironment("Predict__PublicUrl", publicUrl)
    .WithReference(webDb).WaitFor(webDb)
    .WithReference(redis).WaitFor(redis)
    .WithReference(inference)
    .WithReference(monitor)
    .WithReference(labeling)
    .WithReference(training);

// Telemetry is pushed; everything else that a service takes from another is an artifact, copied at intake.
inference.WithReference(monitor).WithReference(labeling).WithReference(training);
monitor.WithReference(inference).WithReference(labeling);
labeling.WithReference(inference);
training.WithReference(labeling).WithReference(inference);

if (demo)
{
    var simulator = builder.AddProject<Projects.Simulator>("simulator")
        .WithHttpEndpoint(port: basePort + 5)
        .WithHttpHealthCheck("/health")
        .WithEnvironment("Security__ServiceToken", serviceToken)
        .WithEnvironment("Simulator__ApiKey", adminKey)
        .WithReference(web).WaitFor(web)
        .WithReference(inference).WaitFor(inference)
        .WithReference(labeling).WaitFor(labeling);
    web.WithReference(simulator);

    // The sample line's world moves within minutes, so its stack measures in minutes too: section Line of appsettings.json has the pace.
    foreach (var (path, value) in builder.Configuration.GetSection("Line").AsEnumerable(makePathsRelative: true))
    {
        if (value is null) continue;
        foreach (var service in new[] { inference, monitor, labeling, training, web, simulator })
            service.WithEnvironment(path.Replace(":", "__"), value);
    }
}

builder.Build().Run();
