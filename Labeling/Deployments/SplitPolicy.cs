using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace RetrainLoop.Labeling.Deployments;

/// <summary>What a frame may ever be used for.</summary>
public enum FrameSide { Training, Evaluation }

/// <summary>The part of a training set that a frame belongs to.</summary>
public enum DatasetSplit { Train, Validation }

/// <summary>
/// Decides by camera and time alone. A slot is floor(unix seconds / slot length) of one camera; its place is a uniform number in [0, 1) from
/// SHA-256, so it never depends on what is in the frame, on the order of arrival or on the process.
/// </summary>
public static class SplitPolicy
{
    /// <param name="slotSeconds">Greater than 0.</param>
    /// <param name="evaluationShare">In [0, 1]. Raising it only moves slots from training to evaluation.</param>
    public static FrameSide SideOf(string camera, DateTimeOffset capturedAt, double slotSeconds, double evaluationShare) =>
        Uniform("side", camera, capturedAt, slotSeconds) < evaluationShare ? FrameSide.Evaluation : FrameSide.Training;

    /// <summary>The split of a training-side frame; independent of its side.</summary>
    public static DatasetSplit SplitOf(string camera, DateTimeOffset capturedAt, double slotSeconds, double validationShare) =>
        Uniform("split", camera, capturedAt, slotSeconds) < validationShare ? DatasetSplit.Validation : DatasetSplit.Train;

    static double Uniform(string purpose, string camera, DateTimeOffset capturedAt, double slotSeconds)
    {
        var slot = (long)Math.Floor((capturedAt - DateTimeOffset.UnixEpoch).TotalSeconds / slotSeconds);
        var text = string.Create(CultureInfo.InvariantCulture, $"{purpose}|{slot}|{camera}");
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(text));
        return (BinaryPrimitives.ReadUInt64BigEndian(hash) >> 11) * (1.0 / (1L << 53));
    }
}
