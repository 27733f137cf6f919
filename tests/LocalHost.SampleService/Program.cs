using System.Diagnostics;

// A service whose health, children and end a test decides.
var builder = WebApplication.CreateBuilder(args);
builder.Logging.ClearProviders().AddConsole();
var app = builder.Build();

var isHealthy = app.Configuration.GetValue("Sample:StartsHealthy", true);
app.MapGet("/health", () => isHealthy ? Results.Ok() : Results.StatusCode(503));
app.MapPost("/health/{healthy:bool}", (bool healthy) => isHealthy = healthy);
app.MapGet("/process", () => Environment.ProcessId);
app.MapGet("/environment/{name}", (string name) => Environment.GetEnvironmentVariable(name) ?? "");
app.MapPost("/children", () => Process.Start("sleep", "600").Id);
app.Run();
