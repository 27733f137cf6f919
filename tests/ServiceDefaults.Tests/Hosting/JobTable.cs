namespace RetrainLoop.Tests.ServiceDefaults.Hosting;

public enum JobState { Queued, Running, Done, Failed, Cancelled }

/// <summary>A queue that leases as a table of a database does, on a clock of the test's own.</summary>
public sealed class JobTable(TimeProvider time)
{
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);
    readonly Lock gate = new();
    readonly List<Row> rows = [];
    int renewals;

    sealed class Row(string name)
    {
        public string Name { get; } = name;
        public JobState State { get; set; }
        public Guid? Owner { get; set; }
        public DateTimeOffset Until { get; set; }
        public string? Error { get; set; }
    }

    /// <summary>What renewals throw, while the database is away.</summary>
    public Exception? Fault { get; set; }

    public int Renewals => Volatile.Read(ref renewals);

    public (JobState State, string? Error) this[string name] => With(name, row => (row.State, row.Error));

    public void Add(string name)
    {
        lock (gate) rows.Add(new Row(name));
    }

    public string? Claim(Guid owner)
    {
        lock (gate)
        {
            var now = time.GetUtcNow();
            if (rows.Find(row => row.State == JobState.Queued || row.State == JobState.Running && row.Until < now) is not { } free) return null;
            (free.State, free.Owner, free.Until) = (JobState.Running, owner, now + Lease);
            return free.Name;
        }
    }

    public bool Renew(string name, Guid owner)
    {
        Interlocked.Increment(ref renewals);
        if (Fault is { } fault) throw fault;
        return Change(name, owner, row => row.Until = time.GetUtcNow() + Lease);
    }

    public bool Finish(string name, Guid owner, JobState state, string? error = null) =>
        Change(name, owner, row => (row.State, row.Error, row.Owner) = (state, error, null));

    public bool Release(string name, Guid owner) => Change(name, owner, row => (row.State, row.Owner) = (JobState.Queued, null));

    public void Cancel(string name) => With(name, row => row.State = JobState.Cancelled);

    bool Change(string name, Guid owner, Action<Row> change) => With(name, row =>
    {
        if (row.State != JobState.Running || row.Owner != owner) return false;
        change(row);
        return true;
    });

    T With<T>(string name, Func<Row, T> use)
    {
        lock (gate) return use(rows.Single(row => row.Name == name));
    }
}
