using RetrainLoop.ServiceDefaults;
using RetrainLoop.Training;
using RetrainLoop.Training.Learning;
using RetrainLoop.Training.Runs;

if (args is [TrainCommand.Verb, .. var training]) return TrainCommand.Run(training);
if (args is [EvaluateCommand.Verb, .. var evaluation]) return EvaluateCommand.Run(evaluation);

var builder = WebApplication.CreateBuilder(args);
builder.AddLoopService("trainingdb");
builder.AddTrainingRuns();

var app = builder.Build();
app.MapLoopService();
app.MapRuns();
await app.RunAsync();
return 0;
