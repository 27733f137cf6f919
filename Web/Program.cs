using RetrainLoop.ServiceDefaults.Security;

var builder = WebApplication.CreateBuilder(args);
builder.AddLoopService("webdb");

var app = builder.Build();
app.MapLoopService();
app.Run();
