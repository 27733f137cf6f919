using RetrainLoop.Web.Keys;
using RetrainLoop.Web.Layout;
using RetrainLoop.Web.Loop;
using RetrainLoop.Web.Pages;
using RetrainLoop.Web.Users;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddNpgsqlDataSource("webdb");
builder.AddMigrations("webdb", typeof(Program).Assembly);
builder.AddRedisClient("redis");
builder.AddUsers();
builder.AddKeys();
builder.AddLoop();
builder.AddLayout();
builder.AddPages();

var app = builder.Build();
app.UseSecurityHeaders(SecurityHeaders.Policy);
app.MapDefaultEndpoints();
app.UseUsers();
app.MapUsers();
app.MapKeys();
app.MapLoop();
app.MapLayout();
app.MapPages();
app.Run();
