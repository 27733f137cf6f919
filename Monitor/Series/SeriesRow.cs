using RetrainLoop.Contracts;

namespace RetrainLoop.Monitor.Series;

/// <summary>A row of the table "series", as Dapper fills it.</summary>
sealed record SeriesRow(int Id, string Deployment, short Level, string Model, int Version, short Slot, string Region, string Camera)
{
    public const string Columns =
        "id as Id, deployment as Deployment, level as Level, model_name as Model, model_version as Version, slot as Slot, region as Region, camera as Camera";

    public SeriesKey ToKey() => new(Deployment, new ModelRef(Model, Version), (ModelSlot)Slot, Region, Camera, (SeriesLevel)Level);
}
