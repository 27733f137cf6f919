using System.Diagnostics.CodeAnalysis;

namespace RetrainLoop.Inference.Execution;

/// <summary>
/// What waits for the workers. Live frames have a bounded queue per deployment, and deployments take turns. Background frames (first those for
/// shadow candidates, then those of detection jobs and replays, which still get their turn beside many shadows) are taken only while no live frame
/// waits, and never by all workers at once, so that a live frame finds one free; where there is one worker alone, it has to wait.
/// </summary>
sealed class FrameQueue(int capacityPerDeployment, int workers)
{
    readonly object gate = new();
    readonly Dictionary<string, Queue<FrameWork>> live = [];
    readonly Queue<string> turns = new();
    readonly Queue<FrameWork> shadows = new(), background = new();
    const int ShadowsInARow = 3;
    readonly int backgroundWorkers = Math.Max(1, workers - 1);
    int backgroundRunning, shadowsTaken;
    bool stopped;

    /// <summary>False when the deployment's queue is full.</summary>
    public bool TryAdd(string deployment, FrameWork work)
    {
        lock (gate)
        {
            if (!live.TryGetValue(deployment, out var queue)) live.Add(deployment, queue = new Queue<FrameWork>());
            if (stopped || queue.Count >= capacityPerDeployment) return false;
            queue.Enqueue(work);
            if (queue.Count == 1) turns.Enqueue(deployment);
            Monitor.Pulse(gate);
            return true;
        }
    }

    /// <summary>Adds a copy of a frame for a shadow candidate; false when as many as <paramref name="most"/> wait already, or the service
    /// stops.</summary>
    public bool TryAddShadow(FrameWork work, int most)
    {
        lock (gate) return shadows.Count < most && TryEnqueue(shadows, work);
    }

    /// <summary>Adds work that comes last, of which its owners see to it that little waits; false when the service stops.</summary>
    public bool TryAddBackground(FrameWork work)
    {
        lock (gate) return TryEnqueue(background, work);
    }

    /// <summary>Blocks until there is work; null once the queue is stopped. Background work must be reported to
    /// <see cref="BackgroundDone"/>.</summary>
    public FrameWork? Take(out bool isBackground)
    {
        lock (gate)
        {
            while (true)
            {
                isBackground = false;
                if (stopped) return null;
                if (turns.TryDequeue(out var deployment)) return TakeLive(deployment);
                if (backgroundRunning < backgroundWorkers && TryTakeBackground(out var work))
                {
                    isBackground = true;
                    backgroundRunning++;
                    return work;
                }
                Monitor.Wait(gate);
            }
        }
    }

    public void BackgroundDone()
    {
        lock (gate)
        {
            backgroundRunning--;
            Monitor.Pulse(gate);
        }
    }

    /// <summary>Lets the workers go; what still waits is abandoned.</summary>
    public void Stop()
    {
        List<FrameWork> left;
        lock (gate)
        {
            stopped = true;
            left = [.. live.Values.SelectMany(queue => queue), .. shadows, .. background];
            live.Clear();
            turns.Clear();
            shadows.Clear();
            background.Clear();
            Monitor.PulseAll(gate);
        }
        foreach (var work in left) work.Abandon();
    }

    bool TryEnqueue(Queue<FrameWork> waiting, FrameWork work)
    {
        if (stopped) return false;
        waiting.Enqueue(work);
        Monitor.Pulse(gate);
        return true;
    }

    bool TryTakeBackground([MaybeNullWhen(false)] out FrameWork work)
    {
        var isTheirTurn = shadowsTaken >= ShadowsInARow && background.Count > 0;
        if (!isTheirTurn && shadows.TryDequeue(out work))
        {
            shadowsTaken++;
            return true;
        }
        shadowsTaken = 0;
        return background.TryDequeue(out work);
    }

    FrameWork TakeLive(string deployment)
    {
        var queue = live[deployment];
        var work = queue.Dequeue();
        if (queue.Count > 0)
        {
            turns.Enqueue(deployment);
            Monitor.Pulse(gate);
        }
        return work;
    }
}
