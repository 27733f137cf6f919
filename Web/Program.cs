using RetrainLoop.Web.Keys;
using RetrainLoop.Web.Loop;

var builder = WebApplication.CreateBuilder(args);
builder.AddLoopService("webdb");
builder.AddKeys();
builder.AddLoop();

var app = builder.Build();
app.MapLoopService();
app.MapKeys();
app.MapLoop();
app.Run();
