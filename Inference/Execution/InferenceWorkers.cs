using Microsoft.Extensions.Options;
using RetrainLoop.Inference.Images;

namespace RetrainLoop.Inference.Execution;

/// <summary>The threads that decode images and run models, each with a workbench of its own.</summary>
sealed class InferenceWorkers(FrameQueue queue, ExecutionProvider provider, IOptions<ImageOptions> images, TimeProvider time)
    : IHostedService
{
    readonly List<Thread> threads = [];

    public Task StartAsync(CancellationToken cancellationToken)
    {
        for (var i = 0; i < provider.Workers; i++)
        {
            var worker = i;
            var thread = new Thread(() => Work(worker)) { IsBackground = true, Name = $"inference {i}" };
            threads.Add(thread);
            thread.Start();
        }
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        queue.Stop();
        return Task.Run(() => threads.ForEach(thread => thread.Join()), cancellationToken);
    }

    void Work(int worker)
    {
        using var bench = new Workbench(images.Value, time, worker);
        while (queue.Take(out var isBackground) is { } work)
        {
            work.Execute(bench);
            bench.Trim();
            if (isBackground) queue.BackgroundDone();
        }
    }
}
