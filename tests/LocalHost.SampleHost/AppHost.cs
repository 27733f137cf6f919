using Microsoft.Extensions.Configuration;

var builder = DistributedApplication.CreateBuilder(args);

var basePort = builder.Configuration.GetValue("RetrainLoop:BasePort", 0);
var key = builder.AddParameter("admin-api-key", secret: true);
var greeting = builder.AddParameter("greeting", "good day");

var second = builder.AddProject<Projects.LocalHost_SampleService>("second")
    .WithHttpEndpoint(port: basePort + 2)
    .WithHttpHealthCheck("/health")
    .WithReplicas(builder.Configuration.GetValue("Sample:Replicas", 1));

var first = builder.AddProject<Projects.LocalHost_SampleService>("first")
    .WithHttpEndpoint(port: basePort + 1)
    .WithExternalHttpEndpoints()
    .WithHttpHealthCheck("/health")
    .WithEnvironment("Sample__Key", key)
    .WithEnvironment("Sample__Greeting", greeting)
    .WithReference(second)
    .WithCommand("greet", "Says good day", _ => Task.FromResult(CommandResults.Failure("nobody is there")));

second.WaitFor(first);

if (builder.Configuration.GetValue("Sample:Stores", false))
{
    var database = builder.AddPostgres("postgres", port: basePort + 10).WithDataVolume().AddDatabase("sampledb");
    var redis = builder.AddRedis("redis", port: basePort + 11).WithDataVolume();
    var prepare = builder.AddExecutable("prepare", "/bin/sh", ".", "-c", "echo \"prepared $ConnectionStrings__sampledb\"")
        .WithReference(database).WaitFor(database);
    first.WithReference(database).WithReference(redis).WaitFor(redis).WaitForCompletion(prepare);
}

builder.Build().Run();
