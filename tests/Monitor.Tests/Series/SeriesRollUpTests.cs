using RetrainLoop.Monitor.Series;

namespace RetrainLoop.Tests.Monitor.Series;

public sealed class SeriesRollUpTests(PostgresServer postgres) : SeriesHistory(postgres)
{
    static readonly (int, SeriesLevel)[] Everywhere =
    [
        (Resolutions.TenSeconds, SeriesLevel.Camera), (Resolutions.Minute, SeriesLevel.Camera), (Resolutions.Hour, SeriesLevel.Camera), (Resolutions.Day, SeriesLevel.Camera),
        (Resolutions.Minute, SeriesLevel.Region), (Resolutions.Hour, SeriesLevel.Region), (Resolutions.Day, SeriesLevel.Region),
    ];

    [Fact]
    public async Task Run_TwoDaysAfterDowntime_CatchesUpAndEveryResolutionAddsUp()
    {
        await PlayAsync(TimeSpan.FromHours(50));
        Assert.Equal(0, await RowsAsync("series_minutes"));
        Assert.Equal(2 * 50, await RequestsAsync(Resolutions.Day)); // nothing is rolled up yet: the finest answers

        await Task.WhenAll(RollUp().RunOnceAsync(default), RollUp().RunOnceAsync(default));
        await RollUp().RunOnceAsync(default);

        foreach (var (resolution, level) in Everywhere) Assert.Equal(2 * 50, await RequestsAsync(resolution, level));
        Assert.Equal(2 * 100, await RowsAsync("series_minutes")); // a camera and its region, twice an hour
        Assert.Equal(3 * 50, await RowsAsync("series_hours")); // two cameras and their region
        Assert.Equal(3 * 2, await RowsAsync("series_days")); // the third day is not over
    }

    [Fact]
    public async Task Run_SecondThatComesTwoDaysLate_ReachesEveryResolutionOnce()
    {
        Settings.KeepTenSeconds = TimeSpan.FromDays(3);
        await PlayAsync(TimeSpan.FromHours(50));
        await RollUp().RunOnceAsync(default);
        await SendAsync(Batches.Second(Start.AddMinutes(2), requests: 7));
        await RollUp().RunOnceAsync(default);
        foreach (var (resolution, level) in Everywhere) Assert.Equal(2 * 50 + 7, await RequestsAsync(resolution, level));
        Assert.Equal(7, (await ReadAsync(Resolutions.Minute)).Single(bucket => bucket.Start == Start.AddMinutes(2)).Sketch.Requests);
    }

    [Fact]
    public async Task Run_DiesBeforeItsCommit_RollsUpOnceAfterTheRestart()
    {
        await PlayAsync(TimeSpan.FromHours(2));
        var rollUp = RollUp();
        await using (var connection = await Database.OpenConnectionAsync(TestContext.Current.CancellationToken))
        await using (var transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken))
            Assert.True(await rollUp.RollUpAsync(connection, transaction, default)); // and no commit, as after kill -9
        await rollUp.RunOnceAsync(default);
        foreach (var (resolution, level) in Everywhere) Assert.Equal(2 * 2, await RequestsAsync(resolution, level));
        Assert.Equal(2 * 4, await RowsAsync("series_minutes"));
    }

    [Theory]
    [InlineData("Europe/Berlin", "2026-11-23T23:00:00Z", "2026-11-24T23:00:00Z")]
    [InlineData("Asia/Kolkata", "2026-11-23T18:30:00Z", "2026-11-24T18:30:00Z")] // half an hour off: its days are summed from minutes
    public async Task Run_DeploymentInAZone_HasTheDaysOfTheZone(string name, params string[] midnights)
    {
        await PublishAsync(Batches.Deployment() with { Zone = name });
        await PlayAsync(TimeSpan.FromHours(50));
        await RollUp().RunOnceAsync(default);
        var days = await ReadAsync(Resolutions.Day, SeriesLevel.Region, TimeZoneInfo.FindSystemTimeZoneById(name));
        Assert.Equal(midnights.Select(midnight => DateTimeOffset.Parse(midnight, System.Globalization.CultureInfo.InvariantCulture)), days.Skip(1).Select(day => day.Start));
        Assert.Equal(2 * 50, days.Sum(day => day.Sketch.Requests));
        Assert.Equal(48, days[1].Sketch.Requests); // two an hour
    }

    [Fact]
    public async Task Retention_NothingRolledUpForAMonth_DropsOnlyWhatIsRolledUp()
    {
        await PlayAsync(TimeSpan.FromHours(3));
        Time.Advance(TimeSpan.FromDays(30));
        await Retention().RunOnceAsync(default); // the roll-up was down all the time
        Assert.Equal(2 * 3, await RequestsAsync(Resolutions.TenSeconds));

        await SendAsync();
        await RollUp().RunOnceAsync(default);
        await Retention().RunOnceAsync(default);
        Assert.Equal(0, await RequestsAsync(Resolutions.TenSeconds));
        foreach (var resolution in new[] { Resolutions.Minute, Resolutions.Hour, Resolutions.Day }) Assert.Equal(2 * 3, await RequestsAsync(resolution));
    }

    [Fact]
    public async Task Fold_HistoryOfLastYear_GoesIntoTheResolutionsThatKeepIt()
    {
        await SendAsync(Batches.Second(Start.AddDays(-300), requests: 4));
        Time.Advance(TimeSpan.FromMinutes(1));
        await SendAsync(Batches.Second(Start.AddSeconds(5), requests: 2));
        await RollUp().RunOnceAsync(default);
        Assert.Equal(2, await RequestsAsync(Resolutions.Minute));
        Assert.Equal(6, await RequestsAsync(Resolutions.Hour));
        Assert.Equal(6, await RequestsAsync(Resolutions.Day));
    }

    /// <summary>Two cameras take turns, one request every half hour, sent and folded by the hour.</summary>
    async Task PlayAsync(TimeSpan length)
    {
        for (var end = Time.GetUtcNow() + length; Time.GetUtcNow() < end;)
        {
            var from = Time.GetUtcNow();
            Time.Advance(TimeSpan.FromHours(1));
            await SendAsync(Batches.Second(from.AddMinutes(5)), Batches.Second(from.AddMinutes(35), camera: "cam-2"));
        }
    }
}
