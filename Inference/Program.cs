var builder = WebApplication.CreateBuilder(args);
builder.AddLoopService("inferencedb");
var app = builder.Build();
app.MapLoopService();
app.Run();
