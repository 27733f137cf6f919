using RetrainLoop.Monitor.Alerts.Evaluation;
using RetrainLoop.Monitor.Alerts.Notifications;
using RetrainLoop.Monitor.Alerts.Rules;
using RetrainLoop.ServiceDefaults;

namespace RetrainLoop.Monitor.Alerts;

public static class AlertExtensions
{
    /// <summary>Registers the evaluator, the watch over it and the notifier.</summary>
    public static void AddAlerts(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<AlertOptions>().BindConfiguration("Monitor:Alerts").ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton<RulePreview>();
        builder.Services.AddHostedSingleton<AlertEvaluator>();
        builder.Services.AddHostedService<EvaluatorWatch>();
        builder.Services.AddHealthChecks().AddCheck<EvaluatorHealth>("alerts");
        builder.AddNotifications();
    }
}
