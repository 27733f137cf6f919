using RetrainLoop.ServiceDefaults.Security;
using RetrainLoop.Simulator.Frames;
using RetrainLoop.Simulator.LabelledSets;
using RetrainLoop.Simulator.Line;
using RetrainLoop.Simulator.Oracle;
using RetrainLoop.Simulator.Setup;
using RetrainLoop.Simulator.Stack;

if (args is [MakeSetCommand.Verb, .. var set]) return await MakeSetCommand.RunAsync(set, Console.Out, Console.Error, CancellationToken.None);
if (args is [RenderCommand.Verb, .. var frame]) return await RenderCommand.RunAsync(frame, Console.Out, Console.Error, CancellationToken.None);

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddKeyAccess(keepInDatabase: false);
builder.AddStackClients();
builder.AddLineSetup();
builder.AddLine();
builder.AddOracle();

var app = builder.Build();
app.MapDefaultEndpoints();
app.UseAuthentication();
app.UseAuthorization();
app.MapKeySnapshot();
app.MapLine();
app.MapLabelledSets();
app.MapOracle();
await app.RunAsync();
return 0;
