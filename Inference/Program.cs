using RetrainLoop.Inference.Deployments;
using RetrainLoop.Inference.Execution;
using RetrainLoop.Inference.Models;
using RetrainLoop.Inference.Predict;
using RetrainLoop.Inference.Sampling;
using RetrainLoop.Inference.Telemetry;

var builder = WebApplication.CreateBuilder(args);
builder.AddLoopService("inferencedb");
builder.AddExecution();
builder.AddModels();
builder.AddDeployments();
builder.AddPredict();
builder.AddTelemetry();
builder.AddSampling();

var app = builder.Build();
app.MapLoopService();
app.MapInfo();
app.MapModels();
app.MapDeployments();
app.MapPredict();
app.MapFrames();
app.Run();
