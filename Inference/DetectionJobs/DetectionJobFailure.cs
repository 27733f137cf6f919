using System.Text.Json;
using Microsoft.ML.OnnxRuntime;
using RetrainLoop.Inference.Execution;
using RetrainLoop.Inference.Models;
using RetrainLoop.ServiceDefaults.Blobs;

namespace RetrainLoop.Inference.DetectionJobs;

/// <summary>Says why a job failed and what to do.</summary>
static class DetectionJobFailure
{
    const string Repeat = "order the job again under another key";

    public static string Explain(Exception exception) => exception switch
    {
        UnservableModelException or StalledModelException or MissingImageException or InvalidDataException => exception.Message,
        OnnxRuntimeException => $"The model failed: {exception.Message} Try it with POST …/predict, or use another version.",
        BlobStorageException => $"{exception.Message} Check the storage that Blobs:Endpoint names, then {Repeat}.",
        HttpRequestException => $"The images cannot be fetched: {exception.Message} When their owner answers, {Repeat}.",
        JsonException => $"The job or its manifest cannot be read: {exception.Message} Another version of the service may have written it; {Repeat}.",
        _ => $"It broke unexpectedly: {exception.Message} The log of Inference at this time says where. To try once more, {Repeat}.",
    };
}
