using System.Globalization;

namespace RetrainLoop.Web.Loop.Holdouts;

/// <summary>A run over the holdouts that a person asks for.</summary>
public sealed class HoldoutNow(HoldoutChecks checks, PulseSignal pulse, TimeProvider time)
{
    /// <summary>Begins a run, or looks at the one that is under way.</summary>
    public async Task<HoldoutCheckInfo> BeginAsync(string deployment, CancellationToken cancellationToken)
    {
        var open = (await checks.ListAsync(deployment, 1, cancellationToken)).FirstOrDefault(check => check.FinishedAt is null);
        if (open is not null) return open;
        await checks.AddAsync(deployment, time.GetUtcNow().ToString("'by hand 'yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture), diagnose: true, cancellationToken);
        pulse.Wake();
        return (await checks.ListAsync(deployment, 1, cancellationToken))[0];
    }
}
