using Dapper;
using Npgsql;
using RetrainLoop.Labeling.Deployments;

namespace RetrainLoop.Labeling.Datasets;

/// <summary>The side that a picture is on for good, from the moment a dataset of the deployment holds it.</summary>
static class ImageSides
{
    /// <summary>Puts pictures on a side. A sentence when some are on the other side already: evaluation must never see what was trained on.</summary>
    public static async Task<string?> TakeAsync(
        NpgsqlTransaction transaction, string deployment, FrameSide side, IReadOnlyList<string> images, CancellationToken cancellationToken)
    {
        var values = new { deployment, side = side.ToString(), images = images.Distinct().Order(StringComparer.Ordinal).ToArray() };
        await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            "insert into image_sides (deployment, sha256, side) select @deployment, i, @side from unnest(@images) i on conflict do nothing",
            values, transaction, cancellationToken: cancellationToken));
        var wrong = await transaction.Connection!.ExecuteScalarAsync<int>(new CommandDefinition(
            "select count(*)::int from image_sides where deployment = @deployment and sha256 = any(@images) and side <> @side",
            values, transaction, cancellationToken: cancellationToken));
        if (wrong == 0) return null;
        var (here, there) = side == FrameSide.Training ? ("trained on", "evaluation sets") : ("evaluated on", "training sets");
        return $"{wrong} of the pictures are in {there} of '{deployment}' and cannot be {here} as well: "
            + "figures measured on them would be too good. Leave them out.";
    }
}
