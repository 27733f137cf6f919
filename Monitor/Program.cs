using RetrainLoop.Monitor.Alerts;
using RetrainLoop.Monitor.Baselines;
using RetrainLoop.Monitor.Deployments;
using RetrainLoop.Monitor.Diagnoses;
using RetrainLoop.Monitor.Drift;
using RetrainLoop.Monitor.Evaluations;
using RetrainLoop.Monitor.Metrics;
using RetrainLoop.Monitor.Rollouts;
using RetrainLoop.Monitor.Telemetry;
using RetrainLoop.Monitor.Validations;
using RetrainLoop.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddLoopService("monitordb");
builder.AddTelemetry();
builder.AddMetrics();
builder.AddBaselines();
builder.AddDrift();
builder.AddAlerts();
builder.AddEvaluations();
builder.AddDiagnoses();
builder.AddValidations();
builder.AddRolloutAnalyses();

var app = builder.Build();
app.MapLoopService();
app.MapTelemetryApi().MapDeploymentsApi().MapMetricsApi().MapBaselinesApi().MapDriftApi().MapAlertsApi();
app.MapEvaluationsApi().MapDiagnosesApi().MapValidationsApi().MapRolloutAnalysesApi();
await app.RunAsync();
