namespace RetrainLoop.Simulator.Oracle;

/// <summary>Section <c>Simulator:Oracle</c>.</summary>
public sealed class OracleOptions
{
    /// <summary>Pause before it asks again when no task waits.</summary>
    public TimeSpan IdleDelay { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Pause after a failure.</summary>
    public TimeSpan TroubleDelay { get; set; } = TimeSpan.FromSeconds(3);
}
