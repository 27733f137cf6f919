using RetrainLoop.Inference.DetectionJobs;
using RetrainLoop.Inference.Execution;
using RetrainLoop.Inference.Models;
using RetrainLoop.ServiceDefaults.Blobs;

namespace RetrainLoop.Tests.Inference.DetectionJobs;

public sealed class DetectionJobFailureTests
{
    public static TheoryData<Exception, string> Failures => new()
    {
        { new UnservableModelException("Upload it with POST /v1/models."), "Upload it with POST /v1/models." },
        { new StalledModelException(new ModelRef("slow", 1), "gate.jpg", TimeSpan.FromSeconds(60)),
            "slow v1 gave no result for gate.jpg within 60 s" },
        { new BlobStorageException("The blob storage does not answer.", null), "The blob storage does not answer. Check the storage" },
        { new HttpRequestException("Connection refused."), "Connection refused. When their owner answers, order the job again" },
        { new NullReferenceException("No object."), "No object. The log of Inference at this time says where." },
    };

    [Theory]
    [MemberData(nameof(Failures), DisableDiscoveryEnumeration = true)]
    public void Explain_Failure_SaysWhatToDo(Exception exception, string sentence) =>
        Assert.Contains(sentence, DetectionJobFailure.Explain(exception));
}
