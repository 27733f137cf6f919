namespace RetrainLoop.Contracts;

/// <summary>
/// Why a frame was kept. Random frames alone feed holdouts and <c>recent</c>. EmbeddingOnly ones are random too, but kept for drift of embeddings alone:
/// they are not published, so they cost no labelling.
/// </summary>
public enum SampleReason { Random, ConfidenceBand, EmptyFrame, Class, DriftScore, LowMargin, EmbeddingOnly }

/// <summary>Which frames a deployment keeps.</summary>
/// <param name="RandomPerCameraHour">Uniformly random frames per camera and hour.</param>
/// <param name="BandLow">A frame with a detection whose confidence lies in [BandLow, BandHigh) is kept with reason ConfidenceBand.</param>
/// <param name="Caps">At most this many rule-sampled frames per camera.</param>
/// <param name="Classes">Names of classes whose frames are wanted: a frame that shows one is kept with reason Class.</param>
/// <param name="LowMargin">A frame is kept with reason LowMargin when two classes are claimed for one place (IoU at least 0.5) with confidences
/// that differ by less than this; 0 = never.</param>
/// <param name="EmbeddingsPerCameraHour">Further random frames per camera and hour with reason EmbeddingOnly, for deployments whose windows hold too few
/// random frames to compare; at most half of the frames that are not random, and of models with embeddings only.</param>
public sealed record SamplingPolicy(
    double RandomPerCameraHour = 20, double BandLow = 0.25, double BandHigh = 0.5, bool KeepEmptyFrames = true,
    SamplingCaps? Caps = null, DriftScoreRule? DriftScore = null, IReadOnlyList<string>? Classes = null, double LowMargin = 0.1,
    double EmbeddingsPerCameraHour = 0);

/// <summary>Upper limits per camera for rule-sampled frames.</summary>
public sealed record SamplingCaps(int PerMinute = 2, int PerHour = 30, int PerDay = 200);

/// <summary>Keeps frames whose summed log-likelihood ratio (current window against baseline) is at least <paramref name="Threshold"/>.</summary>
public sealed record DriftScoreRule(LikelihoodRatioTable Table, double Threshold, DateTimeOffset Until);

/// <summary>Natural log of P(bin | now) / P(bin | baseline) per signal, on the signal's histogram bins (see <see cref="SignalBins"/>).</summary>
public sealed record LikelihoodRatioTable(ModelRef Model, IReadOnlyDictionary<string, IReadOnlyList<double>> Signals);

/// <summary>Brightness: mean luma in [0, 255]. Contrast: its standard deviation. Sharpness: variance of the Laplacian of luma.</summary>
public sealed record ImageStatistics(double Brightness, double Contrast, double Sharpness);

/// <summary>A production frame that was kept, with what the model saw in it.</summary>
/// <param name="FrameId">The caller's X-Frame-Id, else the request id.</param>
/// <param name="Embedding">Pooled feature vector of <paramref name="Model"/>; comparable within one model only.</param>
public sealed record SampledFrame(
    Guid Id, string Deployment, string FrameId, string Region, string Camera, DateTimeOffset CapturedAt, SampleReason Reason,
    ModelRef Model, ArtifactRef Image, int Width, int Height, IReadOnlyList<Detection> Detections,
    IReadOnlyList<float>? Embedding, ImageStatistics Statistics, DateTimeOffset SampledAt);
