namespace RetrainLoop.Benchmarks.Inference;

/// <summary>What a round of load came to.</summary>
/// <param name="Cpu">Processor time that the server took for it.</param>
sealed record LoadResult(int Requests, int Failures, TimeSpan Wall, TimeSpan Cpu, double[] Milliseconds)
{
    public double PerSecond => Requests / Wall.TotalSeconds;
    public double CpuMs => Cpu.TotalMilliseconds / Math.Max(1, Requests);
    public double Percentile(double share) => Milliseconds.Length == 0 ? double.NaN
        : Milliseconds.Order().ElementAt(Math.Min(Milliseconds.Length - 1, (int)(share * Milliseconds.Length)));
}

/// <summary>A closed loop of clients: each sends its next request when it has the answer to the last one.</summary>
sealed class Load(Uri target, byte[] request, int clients)
{
    /// <param name="cpu">Reads the server's processor time.</param>
    public LoadResult For(TimeSpan duration, Func<TimeSpan> cpu) => Run(_ => true, duration, cpu);

    /// <summary>As many requests as asked for, all clients together.</summary>
    public LoadResult Count(int requests, Func<TimeSpan> cpu) => Run(number => number <= requests, TimeSpan.FromDays(1), cpu);

    LoadResult Run(Func<int, bool> goesOn, TimeSpan duration, Func<TimeSpan> cpu)
    {
        int taken = 0, failures = 0;
        var latencies = Enumerable.Range(0, clients).Select(_ => new List<double>(8_000)).ToArray();
        var before = cpu();
        var started = TimeProvider.System.GetTimestamp();
        var threads = latencies.Select(own => new Thread(() => Client(own))).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        var wall = TimeProvider.System.GetElapsedTime(started);
        var all = latencies.SelectMany(own => own).ToArray();
        return new LoadResult(all.Length, failures, wall, cpu() - before, all);

        void Client(List<double> own)
        {
            using var connection = new HttpConnection(target);
            while (TimeProvider.System.GetElapsedTime(started) < duration && goesOn(Interlocked.Increment(ref taken)))
            {
                var sent = TimeProvider.System.GetTimestamp();
                if (connection.Exchange(request) != 200) Interlocked.Increment(ref failures);
                own.Add(TimeProvider.System.GetElapsedTime(sent).TotalMilliseconds);
            }
        }
    }
}
