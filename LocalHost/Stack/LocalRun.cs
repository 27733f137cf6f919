using System.Runtime.InteropServices;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using RetrainLoop.LocalHost.Logs;
using RetrainLoop.LocalHost.Processes;

namespace RetrainLoop.LocalHost.Stack;

/// <summary>One run of the host from its switches to its exit code.</summary>
static class LocalRun
{
    /// <summary>The parameter whose value scripts may use; stack.json names its file.</summary>
    const string AdminKeyParameter = "admin-api-key";

    /// <summary>0 after a clean stop, 1 when the stack cannot run, 2 for switches that are not understood.</summary>
    public static async Task<int> RunAsync(DistributedApplicationBuilder builder)
    {
        if (builder.CommandLine.HelpAsked)
        {
            Console.Out.WriteLine(CommandLine.Help);
            return 0;
        }

        if (builder.CommandLine.Problem is { } problem)
        {
            Console.Error.WriteLine(problem);
            return 2;
        }

        if (OperatingSystem.IsWindows())
        {
            Console.Error.WriteLine(
                "Windows cannot run the stack as plain processes. Use WSL, or the Aspire packages (UseAspirePackages=true) with Docker.");
            return 1;
        }

        using var stop = new CancellationTokenSource();
        using var hurry = new CancellationTokenSource();
        using var interrupt = Handle(PosixSignal.SIGINT, stop, hurry);
        using var terminate = Handle(PosixSignal.SIGTERM, stop, hurry);
        using var hangUp = Handle(PosixSignal.SIGHUP, stop, hurry);
        try
        {
            await RunAsync(builder, stop.Token, hurry.Token);
            return 0;
        }
        catch (LocalRunException reason)
        {
            Console.Error.WriteLine(reason.Message);
            return 1;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return 0;
        }
    }

    static async Task RunAsync(DistributedApplicationBuilder builder, CancellationToken stop, CancellationToken hurry)
    {
        var settings = builder.Settings;
        using var held = StackLock.Take(settings);
        await Watchdog.WaitForFormerAsync(settings.DataFolder, Console.Out.WriteLine, stop);
        var plans = await StackPlan.MakeAsync(builder, stop);
        if (Ports.Problem([.. plans.SelectMany(plan => plan.Claims)]) is { } taken)
        {
            throw new LocalRunException(taken);
        }

        var adminKeyFile = KeepAdminKey(builder);
        using var log = new ConsoleLog(settings.LogFolder, [.. plans.Select(plan => plan.Name)]);
        log.Say($"starting; state is kept in {settings.DataFolder}");
        using var watchdog = new Watchdog(settings.DataFolder);
        TypedCommands.Listen(builder.Resources, log, stop);
        await new StackRun(settings, plans, adminKeyFile, watchdog, log, hurry).RunAsync(stop);
        log.Say("stopped");
    }

    /// <summary>Scripts find the key in the file also when it was given by configuration.</summary>
    static string? KeepAdminKey(DistributedApplicationBuilder builder)
    {
        if (builder.Resources.OfType<ParameterResource>().SingleOrDefault(parameter => parameter.Name == AdminKeyParameter) is not { } key)
        {
            return null;
        }

        var file = builder.Settings.KeyFile(AdminKeyParameter);
        var value = key.Value;
        if (!File.Exists(file) || File.ReadAllText(file).Trim() != value)
        {
            KeptSecret.Write(file, value);
        }

        return Path.GetRelativePath(builder.Settings.DataFolder, file);
    }

    /// <summary>The first signal stops cleanly, the next one at once.</summary>
    static PosixSignalRegistration Handle(PosixSignal signal, CancellationTokenSource stop, CancellationTokenSource hurry) =>
        PosixSignalRegistration.Create(signal, context =>
        {
            context.Cancel = true;
            (stop.IsCancellationRequested ? hurry : stop).Cancel();
        });
}
